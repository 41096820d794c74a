package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/crossgate/crossgate/internal/api"
	"github.com/crossgate/crossgate/internal/control"
)

// A doc is the OpenAPI document, as a validator sees it.
type doc struct {
	root    map[string]any
	schemas *jsonschema.Compiler
	known   map[string]*jsonschema.Schema
}

func readDocument(t *testing.T) *doc {
	t.Helper()
	var parsed any
	if err := yaml.Unmarshal(api.Document(), &parsed); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(parsed)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &doc{root: value.(map[string]any), schemas: jsonschema.NewCompiler(), known: map[string]*jsonschema.Schema{}}
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource("doc.json", value); err != nil {
		t.Fatal(err)
	}
	return d
}

// at follows names into the document, and references.
func (d *doc) at(from any, names ...string) any {
	for _, name := range names {
		m, _ := from.(map[string]any)
		from = d.resolved(m[name])
	}
	return from
}

func (d *doc) resolved(v any) any {
	m, _ := v.(map[string]any)
	ref, ok := m["$ref"].(string)
	if !ok {
		return v
	}
	return d.at(d.root, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
}

// schemaOf returns the name of the schema of a media type, or "".
func (d *doc) schemaOf(from any, kind string) string {
	content, _ := d.at(from, "content").(map[string]any)
	media, _ := content[kind].(map[string]any)
	schema, _ := media["schema"].(map[string]any)
	ref, _ := schema["$ref"].(string)
	return ref
}

func (d *doc) validate(ref string, text []byte) error {
	if d.known[ref] == nil {
		schema, err := d.schemas.Compile("doc.json" + ref)
		if err != nil {
			return err
		}
		d.known[ref] = schema
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return d.known[ref].Validate(value)
}

// hold holds a request and its answer against the operation that they are of. A
// request that is accepted must be one that the document describes.
func (d *doc) hold(t *testing.T, req *http.Request, sent []byte, got reply) {
	t.Helper()
	operation := d.operation(req)
	if operation == nil {
		if got.status < 400 {
			t.Errorf("%s %s is answered %d and not described", req.Method, req.URL.Path, got.status)
		}
		return
	}
	if got.status < 400 && len(sent) > 0 {
		if ref := d.schemaOf(d.at(operation, "requestBody"), "application/json"); ref == "" {
			t.Errorf("%s %s takes a body that is not described", req.Method, req.URL.Path)
		} else if err := d.validate(ref, sent); err != nil {
			t.Errorf("%s %s accepts what the document does not: %v\n%s", req.Method, req.URL.Path, err, sent)
		}
	}
	d.holdAnswer(t, operation, req, got)
}

func (d *doc) holdAnswer(t *testing.T, operation any, req *http.Request, got reply) {
	t.Helper()
	name := req.Method + " " + req.URL.Path
	responses, _ := d.at(operation, "responses").(map[string]any)
	response, ok := responses[strconv.Itoa(got.status)]
	if !ok {
		if got.status < 400 {
			t.Errorf("%s is answered %d, which is not described", name, got.status)
		}
		response = responses["default"]
	}
	response = d.resolved(response)
	kind, _, _ := mime.ParseMediaType(got.header.Get("Content-Type"))
	if got.status == http.StatusNoContent || req.Method == http.MethodHead || kind == "application/yaml" {
		return
	}
	ref := d.schemaOf(response, kind)
	if ref == "" {
		t.Errorf("%s is answered %d with %s, which is not described", name, got.status, kind)
		return
	}
	if err := d.validate(ref, got.body); err != nil {
		t.Errorf("%s answers what the document does not say: %v\n%s", name, err, got.body)
	}
}

// operation returns what the document says of a request, or nil.
func (d *doc) operation(req *http.Request) any {
	path := strings.TrimPrefix(req.URL.EscapedPath(), api.Base)
	method := strings.ToLower(req.Method)
	if method == "head" {
		method = "get"
	}
	paths := d.root["paths"].(map[string]any)
	if item, ok := paths[path]; ok {
		return d.at(item, method)
	}
	for _, template := range slices.Sorted(maps.Keys(paths)) {
		if matches(template, path) {
			return d.at(paths[template], method)
		}
	}
	return nil
}

func matches(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return len(want) == len(got) && slices.EqualFunc(want, got, func(w, g string) bool {
		return w == g || strings.HasPrefix(w, "{")
	})
}

// TestDocumentHasEveryRoute, and no other, each with its role, and everything that it
// refers to.
func TestDocumentHasEveryRoute(t *testing.T) {
	d := readDocument(t)
	a := newRig(t).api
	routes := map[string]control.Role{}
	for _, r := range a.Routes() {
		routes[r.Method+" "+r.Path] = r.Needs
	}
	ids := map[string]bool{}
	for path, item := range d.root["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			if method == "parameters" {
				continue
			}
			name := strings.ToUpper(method) + " " + path
			need, ok := routes[name]
			role, _ := d.at(op, "x-crossgate-role").(string)
			if !ok || role != string(need) {
				t.Errorf("%s is described for %q; registered: %v, for %q", name, role, ok, need)
			}
			delete(routes, name)
			id, _ := d.at(op, "operationId").(string)
			if id == "" || ids[id] {
				t.Errorf("%s has no operationId of its own", name)
			}
			ids[id] = true
			if _, open := d.at(op, "security").([]any); open != (need == "") {
				t.Errorf("%s is described as open to everybody: %v", name, open)
			}
		}
	}
	for name := range routes {
		t.Errorf("%s is not described", name)
	}
	d.references(t, d.root)
}

// references checks that each reference leads somewhere.
func (d *doc) references(t *testing.T, v any) {
	switch of := v.(type) {
	case map[string]any:
		if ref, ok := of["$ref"].(string); ok && d.resolved(of) == nil {
			t.Errorf("nothing is at %s", ref)
		}
		for _, inner := range of {
			d.references(t, inner)
		}
	case []any:
		for _, inner := range of {
			d.references(t, inner)
		}
	}
}

// TestDocumentExamples: the examples of requests are as their schemas say.
func TestDocumentExamples(t *testing.T) {
	d := readDocument(t)
	examples := 0
	for path, item := range d.root["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			body := d.at(op, "requestBody")
			example := d.at(body, "content", "application/json", "example")
			if example == nil {
				continue
			}
			text, err := json.Marshal(example)
			if err == nil {
				err = d.validate(d.schemaOf(body, "application/json"), text)
			}
			if err != nil {
				t.Errorf("%s %s: %v", method, path, err)
			}
			examples++
		}
	}
	if examples < 8 {
		t.Errorf("only %d requests have an example", examples)
	}
}

func TestDocumentIsServedToEverybody(t *testing.T) {
	r := newRig(t)
	got := r.send(r.request("GET", "/openapi.yaml", "")).want(http.StatusOK)
	if !bytes.Equal(got.body, api.Document()) || got.header.Get("Content-Type") != "application/yaml" {
		t.Errorf("served as %s, %d bytes", got.header.Get("Content-Type"), len(got.body))
	}
}

func TestNewNeeds(t *testing.T) {
	for name, cfg := range map[string]api.Config{"nothing": {}, "a log alone": {Log: slog.New(slog.DiscardHandler)}} {
		if _, err := api.New(cfg); err == nil {
			t.Errorf("%s is enough", name)
		}
	}
}
