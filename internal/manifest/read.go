package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crossgate/crossgate/internal/control"
)

// Read reads a file. What is wrong is told by its lines; the rest of it is read all the
// same, so that what else is wrong can be told, too.
func Read(text []byte) (control.Declaration, []control.Flaw) {
	r := new(reader)
	root := r.parse(text)
	if root == nil {
		return control.Declaration{}, r.flaws
	}
	return r.file(root), r.flaws
}

// A reader collects what is wrong.
type reader struct{ flaws []control.Flaw }

func (r *reader) flaw(line int, format string, args ...any) {
	r.flaws = append(r.flaws, control.Flaw{Line: line, Code: control.CodeInvalid, Message: fmt.Sprintf(format, args...)})
}

// errorLine finds the line in what the YAML parser says.
var errorLine = regexp.MustCompile(`line (\d+): (.*)`)

// parse returns the only document of a file, or nil.
func (r *reader) parse(text []byte) *yaml.Node {
	if len(text) > MaxSize {
		r.flaw(0, "the file has more than %d bytes; put sites into several files", MaxSize)
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	err := dec.Decode(&doc)
	if err == nil {
		if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
			r.flaw(second.Line, "there is a second document behind the first; write one for each file")
			return nil
		}
	}
	switch found := errorLine.FindStringSubmatch(fmt.Sprint(err)); {
	case errors.Is(err, io.EOF):
		r.flaw(1, "the file is empty; it begins with version: 1 and sites:")
		return nil
	case found != nil:
		line, _ := strconv.Atoi(found[1]) // digits
		r.flaw(line, "this is not YAML: %s", found[2])
		return nil
	case err != nil:
		r.flaw(1, "this is not YAML: %v", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	return doc.Content[0]
}

// file reads the whole.
func (r *reader) file(root *yaml.Node) control.Declaration {
	var d control.Declaration
	versioned := false
	r.mapping(root, "the file", members{
		"version": func(n *yaml.Node) {
			versioned = true
			if v, ok := r.whole(n); ok && v != Version {
				r.flaw(n.Line, "version %d is not known here; this Crossgate reads version %d", v, Version)
			}
		},
		"sites": func(n *yaml.Node) {
			d.Sites = []control.DeclaredSite{}
			r.each(n, "sites", func(n *yaml.Node) { d.Sites = append(d.Sites, r.site(n)) })
		},
	})
	if !versioned && root.Kind == yaml.MappingNode {
		r.flaw(root.Line, "version is missing: write version: %d", Version)
	}
	if d.Sites == nil && root.Kind == yaml.MappingNode {
		r.flaw(root.Line, "sites is missing: it lists the sites, beginning with - name: default")
	}
	return d
}

// members are the members that a mapping may have, each with what reads it.
type members map[string]func(*yaml.Node)

// mapping reads a mapping, of which each member is known and there once.
func (r *reader) mapping(n *yaml.Node, what string, known members) {
	if n.Kind != yaml.MappingNode {
		r.wrongKind(n, what+" is a list of names with values, as in name: value")
		return
	}
	seen := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch first := seen[key.Value]; {
		case key.Kind != yaml.ScalarNode || !ok:
			r.flaw(key.Line, "%s has no %s; it has %s", what, shown(key), listed(known))
			continue
		case first != 0:
			r.flaw(key.Line, "%s is there twice, first in line %d", key.Value, first)
			continue
		}
		seen[key.Value] = key.Line
		read(value)
	}
}

func listed(known members) string {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// each reads a list.
func (r *reader) each(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.wrongKind(n, what+" is a list, each of it behind a hyphen; [] is an empty one")
		return
	}
	for _, one := range n.Content {
		read(one)
	}
}

func (r *reader) wrongKind(n *yaml.Node, want string) {
	if n.Kind == yaml.AliasNode {
		r.flaw(n.Line, "anchors and aliases are not understood here; write it out")
		return
	}
	r.flaw(n.Line, "%s", want)
}

// textTags are the types of what can stand where a text is wanted.
var textTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!timestamp"}

// text reads a text. A number or a word such as yes is one, too, where a text is wanted.
func (r *reader) text(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || !slices.Contains(textTags, n.ShortTag()) {
		r.wrongKind(n, "a text is wanted here")
		return "", false
	}
	return n.Value, true
}

// texts reads a list of texts, and the line of each.
func (r *reader) texts(n *yaml.Node, what string) (list []string, lines []int) {
	list = []string{}
	r.each(n, what, func(n *yaml.Node) {
		if text, ok := r.text(n); ok {
			list, lines = append(list, text), append(lines, n.Line)
		}
	})
	return list, lines
}

// truth reads true or false.
func (r *reader) truth(n *yaml.Node) (is, ok bool) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		switch strings.ToLower(n.Value) {
		case "true":
			return true, true
		case "false":
			return false, true
		}
	}
	r.wrongKind(n, "write true or false")
	return false, false
}

// whole reads a whole number.
func (r *reader) whole(n *yaml.Node) (int64, bool) {
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil {
		r.wrongKind(n, "a whole number is wanted here")
		return 0, false
	}
	return v, true
}

// maxShown is how much of what is not understood is repeated, in bytes.
const maxShown = 60

func shown(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return "such member"
	}
	return fmt.Sprintf("%q", strings.ToValidUTF8(n.Value[:min(len(n.Value), maxShown)], ""))
}
