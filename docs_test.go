package crossgate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
)

// pagesOf returns the text of every page of the documentation, by file name.
func pagesOf(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	walk(t, func(name string) {
		if strings.HasSuffix(name, ".md") {
			pages[filepath.ToSlash(name)] = readText(t, name)
		}
	})
	if len(pages) == 0 {
		t.Fatal("no page was found")
	}
	return pages
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	fenced    = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	linked    = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"`)
	heading   = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
	notInSlug = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinksResolve: every link into the repository leads to a file, and its fragment
// to a heading.
func TestLinksResolve(t *testing.T) {
	pages := pagesOf(t)
	for name, text := range pages {
		for _, match := range linked.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			link := match[1] + match[2]
			if strings.Contains(link, "://") {
				continue
			}
			file, fragment, _ := strings.Cut(link, "#")
			to := name
			if file != "" {
				to = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s links to %s: %v", name, link, err)
				continue
			}
			if fragment != "" && !slices.Contains(anchors(pages[to]), fragment) {
				t.Errorf("%s links to %s, and there is no such heading", name, link)
			}
		}
	}
}

// anchors returns what the headings of a page are linked by.
func anchors(page string) []string {
	var slugs []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		slug := notInSlug.ReplaceAllString(strings.ToLower(match[1]), "")
		slugs = append(slugs, strings.ReplaceAll(slug, " ", "-"))
	}
	return slugs
}

// TestProblemsAreDescribed: every code that is answered has a section that begins
// with its status, and no section is about a code that there is not.
func TestProblemsAreDescribed(t *testing.T) {
	page := readText(t, "docs/reference/problems.md")
	described := map[string]string{} // the status, by code
	for _, match := range regexp.MustCompile(`(?m)^### (\S+)\n\n(\d{3})\. `).FindAllStringSubmatch(page, -1) {
		described[match[1]] = match[2]
	}
	known := problemCodes(t)
	for code, status := range known {
		if described[code] == "" {
			t.Errorf("%s has no section", code)
		} else if status != 0 && described[code] != strconv.Itoa(status) {
			t.Errorf("%s is answered %d, and described as %s", code, status, described[code])
		}
	}
	for code := range described {
		if _, ok := known[code]; !ok {
			t.Errorf("%s is described, and there is no such code", code)
		}
	}
}

// problemCodes returns the codes of the rules with their statuses, and those of the
// gateway, whose status is 0 here.
func problemCodes(t *testing.T) map[string]int {
	t.Helper()
	codes := map[string]int{}
	found := packages(t)
	for _, code := range stringsOf(found["internal/gate"], "") {
		if p := gate.ProblemOf(gate.Code(code)); p != nil {
			codes[code] = p.Status
		}
	}
	for _, code := range stringsOf(found["internal/gateway"], "Code") {
		codes[code] = 0
	}
	if len(codes) < 20 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	return codes
}

// stringsOf returns the strings in some files, or those that a field of a composite
// literal is set to.
func stringsOf(files []*ast.File, field string) []string {
	var all []string
	add := func(node ast.Node) {
		if lit, ok := node.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value) // the parser has accepted it
			all = append(all, text)
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(node ast.Node) bool {
			pair, ok := node.(*ast.KeyValueExpr)
			switch {
			case field == "":
				add(node)
			case ok:
				if key, ok := pair.Key.(*ast.Ident); ok && key.Name == field {
					add(pair.Value)
				}
			}
			return true
		})
	}
	return all
}

// TestDependenciesAreExplained: every module that the code of a module imports has a
// line with its reason, and so has every tool; no line is about a module that is gone.
func TestDependenciesAreExplained(t *testing.T) {
	page := readText(t, "docs/dependencies.md")
	explained := regexp.MustCompile("(?m)^\\| `([^`]+\\.[^`]+)` \\| \\S").FindAllStringSubmatch(page, -1)
	used := map[string]bool{}
	for _, dir := range []string{".", "client/internal/build", "e2e", "bench", "tools"} {
		for _, m := range directModules(t, dir) {
			used[m] = true
		}
	}
	var lines []string
	for _, match := range explained {
		lines = append(lines, match[1])
		if !used[match[1]] {
			t.Errorf("%s has a line, and nothing uses it", match[1])
		}
	}
	for _, m := range slices.Sorted(maps.Keys(used)) {
		if !slices.Contains(lines, m) {
			t.Errorf("%s has no line", m)
		}
	}
}

// directModules returns the modules of a go.mod that the module's own files import,
// and those of its tools.
func directModules(t *testing.T, dir string) []string {
	t.Helper()
	text := readText(t, filepath.Join(dir, "go.mod"))
	var required, tools, direct []string
	for _, match := range regexp.MustCompile(`(?m)^(?:require)?\s+(\S+\.\S+) v\d`).FindAllStringSubmatch(text, -1) {
		required = append(required, match[1])
	}
	for _, match := range regexp.MustCompile(`(?m)^(?:tool)?\s+(\S+\.\S+)$`).FindAllStringSubmatch(text, -1) {
		tools = append(tools, match[1])
	}
	for _, imported := range append(tools, importsBelow(t, dir)...) {
		longest := ""
		for _, m := range required {
			if within(imported, m) && len(m) > len(longest) {
				longest = m
			}
		}
		if longest != "" && !slices.Contains(direct, longest) {
			direct = append(direct, longest)
		}
	}
	return direct
}

// importsBelow returns what the files of one module import, tests included.
func importsBelow(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") || !within(filepath.ToSlash(name), path.Clean(dir)) && dir != "." || dir == "." && inOtherModule(name) {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		all = slices.AppendSeq(all, maps.Keys(importsOf([]*ast.File{file})))
	})
	return all
}

// TestNamedTestsExist: what the pages say can be run again, can be.
func TestNamedTestsExist(t *testing.T) {
	exist := map[string]bool{}
	walk(t, func(name string) {
		if strings.HasSuffix(name, "_test.go") {
			for _, match := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllStringSubmatch(readText(t, name), -1) {
				exist[match[1]] = true
			}
		}
	})
	for name, page := range pagesOf(t) {
		for _, match := range regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w+)`").FindAllStringSubmatch(page, -1) {
			if !exist[match[1]] {
				t.Errorf("%s names %s, and there is no such test", name, match[1])
			}
		}
	}
}
