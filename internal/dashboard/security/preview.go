package security

import (
	"errors"
	"slices"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/trust"
)

// How many lines of a pasted list are shown: all that matters of a long one, and
// still a page of a decent size.
const (
	maxRefusedLines = 40
	maxGoodLines    = 10
)

// maxEntry is how much of an entry is repeated, in characters: more than the
// longest name.
const maxEntry = 300

// A preview says what would become of what was typed.
type preview struct {
	Lines   []lineView
	More    int // lines that are not shown
	Good    int // lines that would be saved, or are trusted already
	Bad     int // lines that are refused, whatever is confirmed
	Confirm []confirmation
	LetsIn  []affected // origins that were refused lately and would be let in
	MoreIn  int        // of those, that are not shown
}

// A lineView is one entry of the preview.
type lineView struct {
	Kind     string // "good", "note" (trusted already), "warning" (to be confirmed), "refused"
	Entry    string // as typed
	Saved    string // as saved, where that is not what was typed
	Readable string // the internationalised form, where it is another
	Text     string // what it trusts, or why it is refused
	Suggest  string // what to type instead, or ""
}

// Replacement is the value with which a form asks for the entry to be replaced
// by the suggestion.
func (l lineView) Replacement() string { return l.Entry + " " + l.Suggest }

// newPreview shows lines that were judged without any confirmation. The ticks
// are the confirmations that were given.
func newPreview(lines []control.Line, ticks []string) *preview {
	p := &preview{Confirm: confirmations(lines, ticks)}
	shown := map[bool]int{} // by whether the line is good
	for _, l := range lines {
		view := newLineView(l)
		good := view.Kind == "good" || view.Kind == "note"
		switch {
		case good:
			p.Good++
		case view.Kind == "refused":
			p.Bad++
		}
		if shown[good] >= limitOf(good) {
			p.More++
			continue
		}
		shown[good]++
		p.Lines = append(p.Lines, view)
	}
	return p
}

func limitOf(good bool) int {
	if good {
		return maxGoodLines
	}
	return maxRefusedLines
}

func newLineView(l control.Line) lineView {
	v := lineView{Kind: "good", Entry: shell.Cut(l.Entry, maxEntry), Text: shell.Sentence(l.Message)}
	if l.Domain != (trust.Domain{}) {
		v.Readable = readable(l.Domain)
		if saved := l.Domain.String(); saved != l.Entry {
			v.Saved = saved
		}
	}
	switch {
	case l.Status == control.AlreadyTrusted:
		v.Kind = "note"
	case l.Code == control.CodeNeedsConfirmation:
		v.Kind, v.Text = "warning", trusts(l.Domain)+" Please confirm it below."
	case l.Status == control.RefusedLine:
		v.Kind, v.Text, v.Suggest = "refused", shell.Sentence(refusalText(l)), l.Suggest
		if v.Entry != l.Entry {
			v.Suggest = "" // what is not repeated as a whole cannot be replaced
		}
	case l.Message == "":
		v.Text = trusts(l.Domain)
	}
	return v
}

// propose proposes 24 hours for entries that every program on a visitor's
// machine shares, where the visitor has chosen nothing.
func propose(e *shell.Expiry, lines []control.Line) {
	if e.Choice != "" && e.Choice != shell.Never {
		return
	}
	isLoopback := func(l control.Line) bool { return l.Domain.IsLoopback() && l.Status != control.AlreadyTrusted }
	if slices.ContainsFunc(lines, isLoopback) {
		e.Choice, e.Proposed = shell.InADay, true
	}
}

// refusalText says what is wrong with an entry, without the entry itself, which
// stands beside it.
func refusalText(l control.Line) string {
	_, err := trust.ParseDomain(l.Entry)
	if bad, ok := errors.AsType[*trust.DomainError](err); ok {
		return bad.Detail
	}
	return l.Message
}
