package explain_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
)

const findingsPage = "../../docs/reference/findings.md"

// severityWords begin the sections of docs/reference/findings.md.
var severityWords = map[explain.Severity]string{
	explain.Blocks: "Blocks", explain.Insecure: "Insecure", explain.Slows: "Slows", explain.Note: "Note",
}

// Every code has a section that begins with its severity, in the order of the list, and
// no section is about a code that there is not.
func TestFindingsAreDescribed(t *testing.T) {
	text, err := os.ReadFile(findingsPage)
	if err != nil {
		t.Fatal(err)
	}
	var described, known []string
	for _, match := range regexp.MustCompile(`(?m)^### (\S+)\n\n(\w+)\. `).FindAllStringSubmatch(string(text), -1) {
		described = append(described, match[1]+" "+match[2])
	}
	for _, code := range explain.FindingCodes() {
		known = append(known, string(code)+" "+severityWords[explain.SeverityOf(code)])
	}
	if !slices.Equal(described, known) {
		t.Errorf("described are\n%s\nand there are\n%s", strings.Join(described, "\n"), strings.Join(known, "\n"))
	}
	if all := regexp.MustCompile(`(?m)^### `).FindAllString(string(text), -1); len(all) != len(described) {
		t.Errorf("%d sections, of which %d begin with a severity", len(all), len(described))
	}
}

// Each code is there once, says how bad it is, and has a fix for every server or says in
// the finding itself what to do.
func TestEveryCodeHasAFix(t *testing.T) {
	seen := map[explain.FindingCode]bool{}
	for _, code := range explain.FindingCodes() {
		if seen[code] {
			t.Errorf("%s is there twice", code)
		}
		seen[code] = true
		if explain.SeverityOf(code) == "" || explain.RemedyOf(code) == "" {
			t.Errorf("%s is not complete", code)
		}
		if explain.RemedyOf(code) == explain.AvoidPreflight {
			continue
		}
		for _, on := range explain.Servers() {
			if explain.FixFor(code, on) == "" {
				t.Errorf("%s has no fix for %s", code, on)
			}
		}
	}
}

// The table of fixes in docs/reference/findings.md is that of the code.
func TestFixesAreDescribed(t *testing.T) {
	text, err := os.ReadFile(findingsPage)
	if err != nil {
		t.Fatal(err)
	}
	if want := fixes(); !strings.HasSuffix(string(text), want) {
		t.Errorf("the page does not end with\n%s", want)
	}
}

// fixes writes the table: a line for each remedy, with the codes that it is for.
func fixes() string {
	var lines []string
	done := map[explain.Remedy]bool{}
	for _, code := range explain.FindingCodes() {
		if remedy := explain.RemedyOf(code); !done[remedy] && explain.FixFor(code, explain.Nginx) != explain.FixFor(code, explain.Go) {
			done[remedy] = true
			line := fmt.Sprintf("| `%s` |", remedy)
			for _, on := range explain.Servers() {
				line += " " + strings.ReplaceAll(explain.FixFor(code, on), "*", `\*`) + " |"
			}
			lines = append(lines, line)
		}
	}
	return "| | Crossgate | nginx | Express, `cors` | Go, `rs/cors` | Caddy |\n|---|---|---|---|---|---|\n" + strings.Join(lines, "\n") + "\n"
}
