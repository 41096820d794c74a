package preflight_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

// Every code has a section in docs/reference/preflight.md, every quirk a line, and
// nothing is described that there is not.
func TestCodesAreDescribed(t *testing.T) {
	text, err := os.ReadFile("../docs/reference/preflight.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	known := codesIn(t, "cause.go")
	for _, code := range known {
		if !strings.Contains(page, "\n### "+code+"\n\n") {
			t.Errorf("%s has no section", code)
		}
	}
	if sections := regexp.MustCompile(`(?m)^### `).FindAllString(page, -1); len(sections) != len(known) {
		t.Errorf("%d sections for %d codes", len(sections), len(known))
	}
	for _, q := range preflight.Quirks() {
		if !strings.Contains(page, "\n| `"+string(q.Code)+"` | ") {
			t.Errorf("%s has no line", q.Code)
		}
	}
}

// codesIn returns the constants of type Code in a file.
func codesIn(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
			code, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value) // the parser has accepted it
			codes = append(codes, code)
		}
		return true
	})
	if len(codes) < 20 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	return codes
}
