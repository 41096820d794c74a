// Package axe has axe-core look at a page: whether people who do not see it, or see it
// otherwise, can use it (WCAG 2.2, levels A and AA, and axe's own best practices).
package axe

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// A Violation is one rule that a page breaks.
type Violation struct {
	Rule   string `json:"id"`
	Impact string `json:"impact"` // minor, moderate, serious, critical
	Help   string `json:"help"`
	Nodes  []Node `json:"nodes"`
}

// A Node is one element that breaks a rule.
type Node struct {
	HTML    string `json:"html"`
	Summary string `json:"failureSummary"`
}

func (v Violation) String() string {
	text := fmt.Sprintf("%s (%s): %s", v.Rule, v.Impact, v.Help)
	const shown = 3 // of the elements; the others are mostly the same again
	for _, n := range v.Nodes[:min(len(v.Nodes), shown)] {
		text += "\n  " + n.HTML + "\n  " + strings.ReplaceAll(n.Summary, "\n", "\n  ")
	}
	if more := len(v.Nodes) - shown; more > 0 {
		text += fmt.Sprintf("\n  and %d more", more)
	}
	return text
}

// schemes are what a person may prefer; each has its own colours.
var schemes = []string{"light", "dark"}

// Check fails the test for each rule that the page breaks, as it is shown now, in light
// and in dark.
func Check(t testing.TB, page *chromium.Page, name string) {
	t.Helper()
	for _, scheme := range schemes {
		page.Do(chromium.Prefers(scheme))
		for _, v := range Violations(t, page) {
			t.Errorf("%s, %s: %s", name, scheme, v)
		}
	}
	page.Do(chromium.Prefers(""))
}

// Violations returns the rules that the page breaks.
func Violations(t testing.TB, page *chromium.Page) (found []Violation) {
	t.Helper()
	text, err := source()
	if err != nil {
		t.Fatalf("axe-core is not there: was make e2e run, which installs the packages? %v", err)
	}
	chromium.Eval[bool](page, fmt.Sprintf("window.axe ? true : (%s\n, true)", asExpression(text)))
	const run = `axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)`
	if err := json.Unmarshal(page.Evaluate(run), &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// asExpression makes an expression of the script, which is evaluated as the console
// does it: no content security policy stops it.
func asExpression(script string) string { return "(() => {" + script + "\n})()" }

// source reads axe-core as npm has installed it: beside the tests, or above them.
var source = sync.OnceValues(func() (string, error) {
	const file = "node_modules/axe-core/axe.min.js"
	text, err := os.ReadFile(file)
	for up := "../"; os.IsNotExist(err) && len(up) <= len("../../"); up += "../" {
		text, err = os.ReadFile(up + file)
	}
	return string(text), err
})
