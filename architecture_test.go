package crossgate_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/crossgate/crossgate"

// A rule says what one package's own files (not its tests) may import: packages of
// this module, modules of others, and which parts of the standard library never.
type rule struct {
	own    string // packages of this module, "*" for all
	guests string // modules of others
	never  string // standard library
}

const (
	// Values in, values out: no server, no file, no log, no database.
	impure        = "net/http " + impureButHTTP
	impureButHTTP = "net os os/exec log log/slog database/sql" // TestRulesKnowNoServer does the rest
	// The middleware may serve HTTP, and reports to an observer function alone.
	silent = "os os/exec log log/slog expvar database/sql"
)

// rules holds every package of the module: ARCHITECTURE.md, "Who may import whom".
// A package that is not here fails the test, so that each new one is placed by a
// decision and not by accident. The gateway and the control plane never meet.
var rules = map[string]rule{
	"internal/cow":      {never: impure},
	"trust":             {own: "internal/cow", never: impure, guests: "golang.org/x/net"},
	"preflight":         {never: impure, guests: "golang.org/x/net"},
	"token":             {own: "trust", never: impure, guests: "golang.org/x/net"},
	"internal/gate":     {own: "trust preflight token internal/envelope", guests: "golang.org/x/net", never: impureButHTTP},
	"internal/envelope": {own: "preflight", never: impureButHTTP},
	"internal/snapshot": {own: "internal/cow trust preflight token internal/gate internal/envelope"},
	"client":            {never: impureButHTTP}, // it answers with itself
	".":                 {own: "client trust preflight token internal/gate internal/envelope internal/snapshot", guests: "golang.org/x/net", never: silent},

	"internal/observe": {own: "trust internal/gate", guests: "github.com/prometheus/client_golang"},
	"internal/inspect": {own: "trust preflight internal/gate internal/observe"},
	"internal/gateway": {
		own:    "client trust token internal/gate internal/envelope internal/snapshot internal/observe internal/inspect",
		guests: "golang.org/x/net golang.org/x/time", never: "database/sql",
	},

	"internal/control":   {own: "trust token internal/cow internal/gate internal/snapshot", guests: "golang.org/x/crypto", never: "net/http database/sql"},
	"internal/store":     {own: "trust token internal/gate internal/control", guests: "modernc.org/sqlite github.com/jackc/pgx/v5", never: "net/http"},
	"internal/api":       {own: "trust token preflight internal/gate internal/control internal/observe internal/inspect internal/explain", never: "database/sql"},
	"internal/dashboard": {own: "trust token preflight internal/gate internal/control internal/portable internal/observe internal/inspect internal/explain", guests: "golang.org/x/time golang.org/x/crypto go.yaml.in/yaml/v3", never: "database/sql"},

	"internal/manifest": {own: "trust internal/control internal/gate", guests: "go.yaml.in/yaml/v3", never: "net/http os database/sql"},
	"internal/portable": {own: "trust internal/control", never: "net/http os database/sql"},

	"internal/seal": {guests: "golang.org/x/crypto", never: "net/http database/sql"},

	"internal/server":  {own: "internal/observe", guests: "golang.org/x/net golang.org/x/time"},
	"internal/config":  {own: "trust internal/gate", guests: "github.com/pelletier/go-toml/v2"},
	"internal/explain": {own: "trust preflight token internal/gate", guests: "golang.org/x/net", never: impureButHTTP},
	"internal/doctor":  {own: "trust preflight internal/gate internal/explain", guests: "golang.org/x/net"},
	"internal/demo":    {own: "trust token internal/gate"},
	"cmd/crossgate":    {own: "*", guests: "golang.org/x/net golang.org/x/term"},
}

// pure are the packages that decide and do nothing.
var pure = []string{"internal/cow", "trust", "preflight", "token", "internal/gate", "internal/envelope"}

// testkit is for tests: it may import anything and only tests may import it.
const testkit = "internal/testkit"

func TestImportRules(t *testing.T) {
	for dir, files := range packages(t) {
		if within(dir, testkit) || within(dir, "examples") {
			continue
		}
		house, ok := houseOf(dir)
		if !ok {
			t.Errorf("%s has no line in the table of import rules: say what it may import", dir)
			continue
		}
		for imported := range importsOf(files) {
			if why := rules[house].refuses(house, imported); why != "" {
				t.Errorf("%s imports %s: %s", dir, imported, why)
			}
		}
	}
}

// TestRulesKnowNoServer: net/http has the names of methods and the type of header
// fields, which the rules may use. Requests, answers and servers are for others.
func TestRulesKnowNoServer(t *testing.T) {
	server := []string{"Request", "ResponseWriter", "Handler", "HandlerFunc", "Server", "Client", "Transport", "ListenAndServe", "Serve", "Get", "Post"}
	for dir, files := range packages(t) {
		if house, _ := houseOf(dir); !slices.Contains(pure, house) {
			continue
		}
		for _, file := range files {
			ast.Inspect(file, func(node ast.Node) bool {
				if name, ok := fromHTTP(node); ok && slices.Contains(server, name) {
					t.Errorf("%s uses http.%s", dir, name)
				}
				return true
			})
		}
	}
}

// fromHTTP returns the name that a node takes from net/http.
func fromHTTP(node ast.Node) (name string, ok bool) {
	selector, ok := node.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	from, ok := selector.X.(*ast.Ident)
	return selector.Sel.Name, ok && from.Name == "http"
}

// importsOf returns what some files import.
func importsOf(files []*ast.File) map[string]bool {
	all := map[string]bool{}
	for _, file := range files {
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			all[imported] = true
		}
	}
	return all
}

// houseOf finds the package whose rule holds: the package itself, or the one that it is part of.
func houseOf(dir string) (house string, ok bool) {
	for house = dir; house != "."; house = path.Dir(house) {
		if _, ok := rules[house]; ok {
			return house, true
		}
	}
	return ".", dir == "."
}

// refuses says why a package of a house may not import another, or "".
func (r rule) refuses(house, imported string) string {
	own, ours := strings.CutPrefix(imported, module)
	switch {
	case ours:
		return r.refusesOwn(house, strings.TrimPrefix(own, "/"))
	case !strings.Contains(strings.Split(imported, "/")[0], "."):
		if slices.Contains(strings.Fields(r.never), imported) {
			return "this part of the standard library is closed to it"
		}
	case !anyWithin(imported, r.guests):
		return "this module is not among its guests"
	}
	return ""
}

func (r rule) refusesOwn(house, imported string) string {
	if imported == "" {
		imported = "."
	}
	switch {
	case within(imported, testkit):
		return "only tests may"
	case r.own == "*", within(imported, house), anyWithin(imported, r.own):
		return ""
	}
	return "it may import these of ours alone: " + r.own
}

func TestPackageNamesSayWhatTheyHold(t *testing.T) {
	for dir, files := range packages(t) {
		switch name := files[0].Name.Name; name {
		case "util", "utils", "common", "helper", "helpers", "misc", "shared", "manager", "service":
			t.Errorf("%s is named %s, which says nothing of what it holds", dir, name)
		}
	}
}

func TestEveryPackageHasAComment(t *testing.T) {
	for dir, files := range packages(t) {
		documented := func(f *ast.File) bool { return f.Doc != nil }
		if !slices.ContainsFunc(files, documented) {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// TestTreeNamesNoWorkplace: what was written on one machine must hold on every
// other, and a lock file must leave the registry to whoever installs from it.
func TestTreeNamesNoWorkplace(t *testing.T) {
	denied := []string{
		"/wo" + "rk/main", "/wo" + "rk/shared", "/wo" + "rk/.", "/tmp/ba" + "sh_jobs",
		"registry.npmjs" + ".org", "proxy.golang" + ".org", "sum.golang" + ".org", "deb.debian" + ".org",
	}
	walk(t, func(name string) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		isText := bytes.IndexByte(text, 0) < 0
		for _, words := range denied {
			if isText && bytes.Contains(text, []byte(words)) {
				t.Errorf("%s speaks of %s", name, words)
			}
		}
	})
}

// packages parses the files of every package of the module but their tests, by directory.
func packages(t *testing.T) map[string][]*ast.File {
	t.Helper()
	found := map[string][]*ast.File{}
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || inOtherModule(name) {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.ToSlash(filepath.Dir(name))
		found[dir] = append(found[dir], file)
	})
	return found
}

// inOtherModule reports whether a file belongs to a module of its own: those that
// bring the browser's proof, the benchmarks' peers and the development tools.
func inOtherModule(name string) bool {
	for dir := filepath.Dir(name); dir != "."; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return true
		}
	}
	return false
}

// walk calls visit with every file of the tree that is not made by a build or an install.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "node_modules", "dist"}, entry.Name()):
			return filepath.SkipDir
		case entry.Type().IsRegular() && name != ".git": // a file in a second worktree
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// within reports whether a path is another or lies below it.
func within(name, parent string) bool {
	return name == parent || strings.HasPrefix(name, parent+"/")
}

func anyWithin(name, parents string) bool {
	return slices.ContainsFunc(strings.Fields(parents), func(parent string) bool { return within(name, parent) })
}
