package fleet

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/history"
)

// brokenVariable says to a broken build what is to be broken. The program as it is knows
// of nothing like it.
const brokenVariable = "BROKEN"

// A mistake is a way to break a promise: another text in the place of one that stands in
// one file of a package.
type mistake struct {
	name    string
	promise history.Promise
	folder  string
	was, is string
}

// mistakes are built into one program, which is told by a variable which of them to make.
var mistakes = []mistake{
	{
		"lost", history.Durable, "internal/store",
		"if err := t.Commit(); err != nil {\n\t\treturn explain(",
		"commit := t.Commit\n\tif k == writing && sabotage.On(\"lost\") && sabotage.Sometimes() {\n\t\tcommit = t.Rollback\n\t}\n\tif err := commit(); err != nil {\n\t\treturn explain(",
	},
	{
		"half", history.Atomic, "internal/control",
		"s.list.With(put, gone)",
		"sabotage.With(s.list, put, gone)",
	},
	{
		"older", history.Monotonic, "internal/control",
		"f.to.Store(next)\n\tf.compiler, f.head",
		"sabotage.Publish(f.to, next)\n\tf.compiler, f.head",
	},
	{
		"unapplied", history.ReadOwnWrite, "internal/control",
		"return got, s.apply(ctx)",
		"if sabotage.On(\"unapplied\") {\n\t\treturn got, nil\n\t}\n\treturn got, s.apply(ctx)",
	},
	{
		"growing", history.Monotonic, "internal/control",
		"f.live && head == f.head",
		"f.live && (head == f.head || sabotage.On(\"growing\") && head.Revision <= f.head.Revision)",
	},
	{
		"earlier", history.Monotonic, "internal/control",
		"case title.head() != served.head:",
		"case title.head() != served.head && !sabotage.On(\"earlier\"):",
	},
	{
		"open", history.NeverOpen, "internal/gateway",
		"findSite() *gate.Problem {\n\tcurrent := x.g.cfg.Snapshot.Load()",
		"findSite() *gate.Problem {\n\tcurrent := x.g.cfg.Snapshot.Load()\n\tif current == nil && sabotage.On(\"open\") {\n\t\tcurrent = sabotage.Open()\n\t}",
	},
	{
		"unaudited", history.Audited, "internal/store",
		"id, err := t.insertAudit(r)",
		"id, err := t.insertAudit(r)\n\tif err != nil && sabotage.On(\"unaudited\") {\n\t\terr = t.row(`SELECT max(id) FROM audit`).Scan(&id)\n\t}",
	},
}

// brokenProgram builds the program with all mistakes in it, once.
var brokenProgram = sync.OnceValues(func() (string, error) {
	overlay := struct{ Replace map[string]string }{make(map[string]string)}
	root, err := filepath.Abs(module)
	if err != nil {
		return "", err
	}
	add := func(in, from string) {
		from, _ = filepath.Abs(from) // that there is a current folder was seen above
		overlay.Replace[filepath.Join(root, in)] = from
	}
	add("internal/sabotage/sabotage.go", "testdata/sabotage/sabotage.go")
	add("internal/gate/sabotage.go", "testdata/sabotage/gate.go")
	for _, m := range mistakes {
		if err := m.make(overlay.Replace, root); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	file, into := filepath.Join(binaries, "overlay.json"), filepath.Join(binaries, "crossgate-broken")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	return into, build(into, "-overlay", file)
})

// make makes the mistake in the one file of the package that has the text, or in the
// copy of it that has other mistakes already.
func (m *mistake) make(replace map[string]string, root string) error {
	files, err := filepath.Glob(filepath.Join(root, m.folder, "*.go"))
	if err != nil {
		return err
	}
	made := ""
	for _, file := range files {
		from := file
		if copied, ok := replace[file]; ok {
			from = copied
		}
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if strings.HasSuffix(file, "_test.go") || strings.Count(string(text), m.was) != 1 {
			continue
		}
		if made != "" {
			return m.cannot("two files have")
		}
		made = filepath.Join(binaries, strings.ReplaceAll(m.folder, "/", "-")+"-"+filepath.Base(file))
		if err := os.WriteFile(made, []byte(m.in(string(text))), 0o600); err != nil {
			return err
		}
		replace[file] = made
	}
	if made == "" {
		return m.cannot("no file has")
	}
	return nil
}

// in makes the mistake in the text of a file.
func (m *mistake) in(text string) string {
	const path = `"github.com/crossgate/crossgate/internal/sabotage"`
	text = strings.Replace(text, m.was, m.is, 1)
	if strings.Contains(text, path) {
		return text
	}
	head, rest, _ := strings.Cut(text, "\n\n") // the package's clause, behind its comment
	return head + "\n\nimport " + path + "\n\n" + rest
}

func (m *mistake) cannot(why string) error {
	return &brokenError{m.name, why + " the text in " + m.folder + ": make the mistake where it is to be made now:\n" + m.was}
}

// A brokenError says why a mistake cannot be made.
type brokenError struct{ name, why string }

func (e *brokenError) Error() string { return "the mistake " + e.name + " cannot be made: " + e.why }

// TestMistakes sees each mistake, in the same way as the program as it is is seen to make
// none: else a test that finds nothing would prove nothing.
func TestMistakes(t *testing.T) {
	t.Parallel()
	path, err := brokenProgram()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			found := scenarios[m.name](t, plan{program: path, broken: m.name})
			count := 0
			for _, v := range found {
				if v.Promise == m.promise {
					count++
				}
			}
			if count == 0 {
				t.Fatalf("nobody notices; found instead: %v", found[:min(len(found), 5)])
			}
			t.Logf("%s is seen to be broken %d times, among %d violations", m.promise, count, len(found))
		})
	}
}
