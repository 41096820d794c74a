// Package htmlcheck finds what is wrong with a page without a browser: names
// that nothing answers to, fields without a label, and whatever a strict
// Content-Security-Policy would block.
package htmlcheck

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// Page returns what is wrong with a whole page, a line each.
func Page(r io.Reader) ([]string, error) {
	root, err := html.Parse(r)
	if err != nil {
		return nil, err
	}
	c := checker{ids: map[string]int{}, labelled: map[string]bool{}}
	c.each(root, c.collect)
	c.each(root, c.inspect)
	for id, count := range c.ids {
		if count > 1 {
			c.report("the id %q is given %d times", id, count)
		}
	}
	return c.found, nil
}

// A checker knows the names that a page defines.
type checker struct {
	ids      map[string]int
	labelled map[string]bool // ids that a label is for
	found    []string
}

func (c *checker) report(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (c *checker) each(n *html.Node, visit func(*html.Node)) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			visit(d)
		}
	}
}

func (c *checker) collect(n *html.Node) {
	if id := attr(n, "id"); id != "" {
		c.ids[id]++
	}
	if n.Data == "label" {
		c.labelled[attr(n, "for")] = true
	}
}

func (c *checker) inspect(n *html.Node) {
	for _, a := range n.Attr {
		c.inspectAttribute(n, a)
	}
	switch n.Data {
	case "style":
		c.report("an inline style sheet")
	case "script":
		if attr(n, "src") == "" {
			c.report("an inline script")
		}
	case "input", "select", "textarea":
		c.inspectField(n)
	case "button", "a":
		if !c.hasName(n) && strings.TrimSpace(text(n)) == "" {
			c.report("<%s> without a name", n.Data)
		}
	case "form":
		if m := attr(n, "method"); m != "get" && m != "post" {
			c.report("a form without a method")
		}
	}
}

func (c *checker) inspectAttribute(n *html.Node, a html.Attribute) {
	switch {
	case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
		c.report("<%s> has the inline attribute %s", n.Data, a.Key)
	case a.Key == "for" || a.Key == "form" || strings.HasPrefix(a.Key, "aria-") && (strings.HasSuffix(a.Key, "by") || a.Key == "aria-controls"):
		c.inspectReferences(n, a)
	case a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction":
		if !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !isDocumentation(n, a) || strings.HasPrefix(a.Val, "//") {
			c.report("<%s> leads away: %s", n.Data, a.Val)
		}
	}
}

// documentation is where links may lead away from a page to.
const documentation = "https://github.com/crossgate/crossgate/blob/main/docs/"

// isDocumentation reports whether a link leads to the documentation and tells it nothing
// of where it comes from.
func isDocumentation(n *html.Node, a html.Attribute) bool {
	return n.Data == "a" && a.Key == "href" && strings.HasPrefix(a.Val, documentation) && attr(n, "rel") == "noreferrer"
}

func (c *checker) inspectReferences(n *html.Node, a html.Attribute) {
	for id := range strings.FieldsSeq(a.Val) {
		if c.ids[id] == 0 {
			c.report("<%s %s=%q> names nothing", n.Data, a.Key, id)
		}
	}
}

func (c *checker) inspectField(n *html.Node) {
	if attr(n, "type") == "hidden" || c.hasName(n) || c.labelled[attr(n, "id")] {
		return
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return
		}
	}
	c.report("<%s name=%q> without a label", n.Data, attr(n, "name"))
}

func (c *checker) hasName(n *html.Node) bool {
	return attr(n, "aria-label") != "" || attr(n, "aria-labelledby") != ""
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
