package crossgate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A snippet is one fenced block of a page.
type snippet struct {
	page string
	line int
	text string
}

func (s snippet) String() string { return fmt.Sprintf("%s:%d", s.page, s.line) }

// snippets returns the blocks of a language in the README and the guides, in order.
func snippets(t *testing.T, language string) []snippet {
	t.Helper()
	block := regexp.MustCompile("(?ms)^ *```" + language + "\n(.*?)^ *```$")
	var found []snippet
	for name, text := range pagesOf(t) {
		if name != "README.md" && !within(name, "docs") && name != "CONTRIBUTING.md" {
			continue
		}
		for _, at := range block.FindAllStringSubmatchIndex(text, -1) {
			found = append(found, snippet{name, 1 + strings.Count(text[:at[2]], "\n"), text[at[2]:at[3]]})
		}
	}
	slices.SortFunc(found, func(a, b snippet) int { return strings.Compare(a.page, b.page)*1e6 + a.line - b.line })
	if len(found) == 0 {
		t.Fatalf("no %s block was found", language)
	}
	return found
}

// TestGoSnippetsCompile: every Go block does, as a program where it is one, and
// otherwise as the body of a function.
func TestGoSnippetsCompile(t *testing.T) {
	dir, root := t.TempDir(), workingDirectory(t)
	overlay := map[string]map[string]string{"Replace": {}}
	arguments := []string{"build", "-o", os.DevNull, "-overlay", filepath.Join(dir, "overlay.json")}
	for i, s := range snippets(t, "go") {
		file, pkg := filepath.Join(dir, fmt.Sprintf("%d.go", i)), fmt.Sprintf("snippet%d", i)
		writeFile(t, file, fmt.Sprintf("//line %s:%d\n%s", s.page, s.line, asFile(s.text)))
		overlay["Replace"][filepath.Join(root, pkg, "snippet.go")] = file
		arguments = append(arguments, "./"+pkg)
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "overlay.json"), string(text))
	if out, err := exec.Command("go", arguments...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// asFile makes a file of a block: its package, what it imports, and a function with
// what a page may take as given.
func asFile(text string) string {
	if strings.HasPrefix(text, "package ") {
		return text
	}
	var b strings.Builder
	b.WriteString("package snippet; ")
	for _, imported := range []string{
		"errors", "fmt", "log", "net/http", "time",
		"github.com/crossgate/crossgate", "github.com/crossgate/crossgate/token", "github.com/crossgate/crossgate/trust",
	} {
		if regexp.MustCompile(`\b` + filepath.Base(imported) + `\.`).MatchString(text + "http. crossgate.") {
			fmt.Fprintf(&b, "import %q; ", imported)
		}
	}
	b.WriteString("func _(gate *crossgate.Gate, cfg crossgate.Config, mux *http.ServeMux) {\n" + text + "}\n")
	return b.String()
}

// TestCommandsHaveTheirFlags: every crossgate command in a block for the shell is
// one, and has the flags that it is shown with.
func TestCommandsHaveTheirFlags(t *testing.T) {
	binary := filepath.Join(buildBinaries(t), "crossgate")
	command := regexp.MustCompile(`(?:^|[\s(/])crossgate ((?:[a-z]+)(?: [a-z]+)?)([^|#\n)]*)`)
	flag := regexp.MustCompile(`--[a-z-]+`)
	for _, s := range append(snippets(t, "sh"), snippets(t, "console")...) {
		text := strings.ReplaceAll(s.text, "\\\n", " ")
		for _, match := range command.FindAllStringSubmatch(text, -1) {
			help, err := exec.Command(binary, append([]string{"help"}, strings.Fields(match[1])...)...).CombinedOutput()
			if err != nil { // the second word may be an argument
				help, err = exec.Command(binary, "help", strings.Fields(match[1])[0]).CombinedOutput()
			}
			if err != nil {
				t.Errorf("%s: crossgate %s: %s", s, match[1], help)
			}
			for _, name := range flag.FindAllString(match[2], -1) {
				if !bytes.Contains(help, []byte("  "+name+" ")) && !bytes.Contains(help, []byte("  "+name+"\n")) {
					t.Errorf("%s: crossgate %s has no %s", s, match[1], name)
				}
			}
		}
	}
}

// buildBinaries builds what sessions start, and returns where it is.
func buildBinaries(t *testing.T) string {
	t.Helper()
	dir := t.TempDir() + string(filepath.Separator)
	if out, err := exec.Command("go", "build", "-o", dir, "./cmd/crossgate", "./examples/upstream").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

func workingDirectory(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
