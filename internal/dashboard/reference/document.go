package reference

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A document is what people are shown of an OpenAPI document.
type document struct {
	Title     string
	Base      string // the path below which all endpoints are
	About     []paragraph
	Resources []resource
}

// A resource is a group of endpoints.
type resource struct {
	Name      string
	Slug      string // in the address
	Endpoints []endpoint
}

// An endpoint is a method of a path.
type endpoint struct {
	ID         string
	Method     string
	Path       string
	Summary    string
	About      []paragraph
	Role       string // the least role of a key; "": anybody
	Parameters []parameter
	Request    string // an example body, or ""
	Answers    []answer
}

// A parameter goes with a request.
type parameter struct {
	Name     string
	In       string // "path", "query", "header"
	Type     string
	Required bool
	About    []paragraph
}

// An answer is what may come back.
type answer struct {
	Status  string // "200", or "default"
	About   []paragraph
	Example string // its body, or ""
}

// ofSite is what the paths of one site's resources begin with.
const ofSite = "/sites/{site}/"

// parse reads a document.
func parse(text []byte) (document, error) {
	var whole yaml.Node
	if err := yaml.Unmarshal(text, &whole); err != nil {
		return document{}, fmt.Errorf("reference: %w", err)
	}
	if len(whole.Content) == 0 {
		return document{}, errors.New("reference: the document is empty")
	}
	root := node{whole.Content[0], whole.Content[0]}
	d := document{Title: root.get("info").get("title").text(), About: prose(root.get("info").get("description").text())}
	if servers := root.get("servers").items(); len(servers) > 0 {
		d.Base = servers[0].get("url").text()
	}
	for _, tag := range root.get("tags").items() {
		name := tag.get("name").text()
		d.Resources = append(d.Resources, resource{Name: name, Slug: strings.ReplaceAll(strings.ToLower(name), " ", "-")})
	}
	paths := root.get("paths")
	paths.each(func(path string, item node) {
		if own, ok := strings.CutPrefix(path, ofSite); ok && paths.get("/"+own).Node != nil {
			return // the same is said of the default site; the introduction speaks of the others
		}
		item.each(func(method string, operation node) { d.add(path, method, item, operation) })
	})
	return d, nil
}

// add adds an operation to its resource. What is no operation has no id.
func (d *document) add(path, method string, item, operation node) {
	if operation.get("operationId").text() == "" {
		return
	}
	for _, tag := range operation.get("tags").items() {
		for i := range d.Resources {
			if d.Resources[i].Name == tag.text() {
				d.Resources[i].Endpoints = append(d.Resources[i].Endpoints, newEndpoint(path, method, item, operation))
			}
		}
	}
}

func newEndpoint(path, method string, item, operation node) endpoint {
	e := endpoint{
		ID: operation.get("operationId").text(), Method: strings.ToUpper(method), Path: path,
		Summary: operation.get("summary").text(), About: prose(operation.get("description").text()),
		Role:    operation.get("x-crossgate-role").text(),
		Request: bodyOf(operation.get("requestBody")),
	}
	for _, p := range append(item.get("parameters").items(), operation.get("parameters").items()...) {
		e.Parameters = append(e.Parameters, parameter{
			Name: p.get("name").text(), In: p.get("in").text(), Type: typeOf(p.get("schema")),
			Required: p.get("required").text() == "true", About: prose(p.get("description").text()),
		})
	}
	operation.get("responses").each(func(status string, response node) {
		e.Answers = append(e.Answers, newAnswer(status, response))
	})
	return e
}

// newAnswer shows a body where the request was a success: those of errors are alike.
func newAnswer(status string, response node) answer {
	a := answer{Status: status, About: prose(response.get("description").text())}
	if strings.HasPrefix(status, "2") {
		a.Example = bodyOf(response)
	}
	return a
}

// bodyOf is an example of a JSON body, or "".
func bodyOf(of node) string {
	media := of.get("content").get("application/json")
	if media.Node == nil {
		return ""
	}
	if example := media.get("example"); example.Node != nil {
		return literal(example, "")
	}
	return exampleOf("", media.get("schema"), "", 0)
}

// typeOf says what kind of value a schema is for.
func typeOf(schema node) string {
	kind := schema.get("type")
	if list := kind.items(); len(list) > 0 {
		kind = list[0]
	}
	var values []string
	for _, value := range schema.get("enum").items() {
		values = append(values, value.text())
	}
	switch {
	case len(values) > 0:
		return strings.Join(values, ", ")
	case schema.get("format").text() == "date-time":
		return "time (RFC 3339)"
	}
	return kind.text()
}
