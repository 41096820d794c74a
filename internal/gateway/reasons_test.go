package gateway

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestReasonsAreAll: every code that the reference describes can be counted. Another
// test holds the reference against the code.
func TestReasonsAreAll(t *testing.T) {
	page, err := os.ReadFile("../../docs/reference/problems.md")
	if err != nil {
		t.Fatal(err)
	}
	all := Reasons()
	for _, match := range regexp.MustCompile(`(?m)^### (\S+)$`).FindAllStringSubmatch(string(page), -1) {
		if !slices.Contains(all, match[1]) {
			t.Errorf("%s is not among the reasons", match[1])
		}
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != len(Reasons()) {
		t.Error("a reason is there twice")
	}
}
