package reference

import (
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v3"
)

// How deep an example goes, and what a step of it is set in by.
const (
	maxDepth = 6
	step     = "  "
)

// exampleOf makes a JSON value of a schema: its own example, or one of each of its
// parts. The name is that of the property, from which a likely text is taken.
func exampleOf(name string, schema node, indent string, depth int) string {
	if own := schema.get("example"); own.Node != nil {
		return literal(own, indent)
	}
	if any := schema.get("anyOf").items(); len(any) > 0 {
		return exampleOf(name, any[0], indent, depth)
	}
	if values := schema.get("enum").items(); len(values) > 0 {
		return literal(values[0], indent)
	}
	kind := schema.get("type")
	if list := kind.items(); len(list) > 0 {
		kind = list[0]
	}
	switch {
	case depth > maxDepth:
		return "null"
	case kind.text() == "object":
		return objectOf(schema, indent, depth)
	case kind.text() == "array":
		return "[" + exampleOf(name, schema.get("items"), indent, depth+1) + "]"
	case kind.text() == "integer", kind.text() == "number":
		return "1"
	case kind.text() == "boolean":
		return "true"
	case kind.text() == "string":
		return quoted(likely(name, schema.get("format").text()))
	}
	return "null"
}

func objectOf(schema node, indent string, depth int) string {
	var fields []string
	schema.get("properties").each(func(name string, property node) {
		value := exampleOf(name, property, indent+step, depth+1)
		fields = append(fields, "\n"+indent+step+quoted(name)+": "+value)
	})
	return braced("{", fields, indent, "}")
}

// literal is a value of the document as JSON.
func literal(value node, indent string) string {
	switch {
	case value.Kind == yaml.SequenceNode:
		var items []string
		for _, one := range value.items() {
			items = append(items, "\n"+indent+step+literal(one, indent+step))
		}
		return braced("[", items, indent, "]")
	case value.Kind == yaml.MappingNode:
		var fields []string
		value.each(func(name string, one node) {
			fields = append(fields, "\n"+indent+step+quoted(name)+": "+literal(one, indent+step))
		})
		return braced("{", fields, indent, "}")
	case value.Tag == "!!str", value.Tag == "!!timestamp":
		return quoted(value.Value)
	case value.Tag == "!!null":
		return "null"
	}
	return value.Value
}

func braced(open string, parts []string, indent, end string) string {
	if len(parts) == 0 {
		return open + end
	}
	return open + strings.Join(parts, ",") + "\n" + indent + end
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(b)
}

// likely is a text that a property of that name and format may have.
func likely(name, format string) string {
	switch {
	case format == "date-time":
		return "2026-03-04T12:00:00Z"
	case format == "uri":
		return "https://example.com/"
	}
	switch name {
	case "domain", "domains", "entry":
		return "app.example.com"
	case "address":
		return "192.0.2.1"
	case "path_prefix":
		return "/api/"
	}
	return "…"
}
