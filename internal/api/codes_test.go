package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestCodesAreDescribed: the reference has every code that this package makes.
func TestCodesAreDescribed(t *testing.T) {
	page, err := os.ReadFile("../../docs/reference/api.md")
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, match := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(string(page), -1) {
		described[match[1]] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if code := codeOf(node); code != "" {
				made++
				if !described[code] {
					t.Errorf("%s is not described", code)
				}
			}
			return true
		})
	}
	if made < 15 {
		t.Errorf("only %d codes were found", made)
	}
}

// codeOf returns the code of a call of newProblem, or "".
func codeOf(node ast.Node) string {
	call, ok := node.(*ast.CallExpr)
	if !ok || len(call.Args) != 4 {
		return ""
	}
	if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "newProblem" {
		return ""
	}
	literal, ok := call.Args[1].(*ast.BasicLit)
	if !ok {
		return ""
	}
	code, _ := strconv.Unquote(literal.Value)
	return code
}
