package reference

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// A node is a piece of the document. The zero node is what is not there.
type node struct {
	*yaml.Node
	root *yaml.Node
}

// get returns what a mapping has under a key. A reference is followed first.
func (n node) get(key string) node {
	at := n.resolved()
	if at.Node == nil || at.Kind != yaml.MappingNode {
		return node{}
	}
	for i := 0; i+1 < len(at.Content); i += 2 {
		if at.Content[i].Value == key {
			return node{at.Content[i+1], at.root}
		}
	}
	return node{}
}

// resolved follows a reference within the document.
func (n node) resolved() node {
	if n.Node == nil || n.Kind != yaml.MappingNode || len(n.Content) != 2 || n.Content[0].Value != "$ref" {
		return n
	}
	at := node{n.root, n.root}
	for name := range strings.SplitSeq(strings.TrimPrefix(n.Content[1].Value, "#/"), "/") {
		at = at.get(name)
	}
	return at
}

// text is a scalar's text, or "".
func (n node) text() string {
	if n.Node == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// each visits the pairs of a mapping in their order.
func (n node) each(visit func(key string, value node)) {
	at := n.resolved()
	if at.Node == nil || at.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(at.Content); i += 2 {
		visit(at.Content[i].Value, node{at.Content[i+1], at.root})
	}
}

// items returns the elements of a sequence.
func (n node) items() []node {
	if n.Node == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	list := make([]node, len(n.Content))
	for i, one := range n.Content {
		list[i] = node{one, n.root}
	}
	return list
}
