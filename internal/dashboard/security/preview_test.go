package security

import (
	"fmt"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// Of a long list the lines that are refused are shown before those that are good.
func TestPreviewOfALongList(t *testing.T) {
	var lines []control.Line
	for i := range 500 {
		lines = append(lines,
			control.Line{Entry: fmt.Sprintf("n%d.example", i), Domain: mustDomain(t, fmt.Sprintf("n%d.example", i)), Status: control.Added},
			control.Line{Entry: "*", Status: control.RefusedLine, Code: "entry-any", Message: "too wide"},
		)
	}
	p := newPreview(lines, nil)
	if p.Good != 500 || p.Bad != 500 {
		t.Errorf("%d good, %d bad", p.Good, p.Bad)
	}
	if len(p.Lines) != maxGoodLines+maxRefusedLines || p.More != 1000-len(p.Lines) {
		t.Errorf("%d lines shown, %d more", len(p.Lines), p.More)
	}
	if p.Lines[0].Entry != "n0.example" || p.Lines[1].Entry != "*" {
		t.Error("the lines are not in the order in which they were typed")
	}
}

// A box is ticked by its exact value: by the kind and all the names beside it.
func TestConfirmationTicks(t *testing.T) {
	insecure := func(entry string) control.Line {
		return control.Line{
			Entry: entry, Domain: mustDomain(t, entry), Status: control.RefusedLine,
			Code: control.CodeNeedsConfirmation, Confirm: []trust.Confirmation{trust.ConfirmInsecure},
		}
	}
	lines := []control.Line{insecure("http://a.example"), insecure("http://b.example")}
	tests := []struct {
		name, tick string
		want       int
	}{
		{"none", "", 0},
		{"both", "insecure http://a.example http://b.example", 1},
		{"one of two", "insecure http://a.example", 0},
		{"the kind alone", "insecure", 0},
		{"more than there are", "insecure http://a.example http://b.example http://c.example", 0},
		{"another kind", "look-alike http://a.example http://b.example", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := newPreview(lines, []string{test.tick}).confirmed(); len(got) != test.want {
				t.Errorf("confirmed: %v", got)
			}
		})
	}
}

func TestReplaceEntry(t *testing.T) {
	tests := []struct{ name, text, replacement, want string }{
		{"one of several", "a https://b/c d", "https://b/c b", "a b d"},
		{"nothing to replace", "a b", "", "a b"},
		{"no suggestion", "a b", "a", "a b"},
		{"not there", "a b", "c d", "a b"},
		{"nothing for nothing", "a b", " d", "a b"},
		{"only whole entries", "https://b/c,b/c\tb/c/d", "b/c b", "https://b/c,b\tb/c/d"},
		{"other spaces", "ü\u00a0b/c", "b/c b", "ü\u00a0b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := replaceEntry(test.text, test.replacement); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
