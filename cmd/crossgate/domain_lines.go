package main

import (
	"fmt"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// lineJSON is what became of one entry, as scripts read it.
type lineJSON struct {
	Line    int                  `json:"line,omitempty"` // in the list that was imported
	Entry   string               `json:"entry"`
	Domain  string               `json:"domain,omitempty"`
	Status  string               `json:"status"`
	Code    string               `json:"code,omitempty"`
	Message string               `json:"message,omitempty"`
	Suggest string               `json:"suggest,omitempty"`
	Confirm []trust.Confirmation `json:"confirm,omitempty"`
}

// addedLines prints what was added, or in a dry run what would be.
func (c *call) addedLines(did string, lines []control.Line) error {
	if c.json {
		list := make([]lineJSON, len(lines))
		for i, l := range lines {
			list[i] = lineJSON{Entry: l.Entry, Domain: l.Domain.String(), Status: string(l.Status)}
		}
		return c.printJSON(list)
	}
	for _, l := range lines {
		c.say("%s", addedLine(did, l))
	}
	return nil
}

// addedLine says what became of an entry: "added app.example.com, from https://app.example.com/".
func addedLine(did string, l control.Line) string {
	text := did + " " + l.Domain.String()
	if l.Status == control.AlreadyTrusted {
		text = "already trusted: " + l.Domain.String()
	}
	if unicode := l.Domain.Unicode(); unicode != l.Domain.String() {
		text += " (" + unicode + ")"
	} else if l.Entry != l.Domain.String() {
		text += fmt.Sprintf(" (typed as %s)", l.Entry)
	}
	if l.Message != "" && l.Status == control.Added {
		text += "; " + l.Message
	}
	return text
}

// refusedLines names each entry that keeps all of them from being added.
func (c *call) refusedLines(lines []control.Line) error {
	var bad []lineJSON
	for _, l := range lines {
		if l.Status == control.RefusedLine {
			bad = append(bad, refusedLine(l))
		}
	}
	return c.nothing("added", bad, len(lines))
}

// nothing says that nothing was done, and names each entry that is to blame.
func (c *call) nothing(done string, bad []lineJSON, all int) error {
	if c.json {
		if err := c.printJSON(bad); err != nil {
			return err
		}
		return errNo
	}
	c.note("%s nothing was %s: %s", c.style.red("crossgate:"), done, ofEntries(len(bad), all))
	for _, l := range bad {
		c.note("  %s", l.Message)
	}
	return errNo
}

func ofEntries(bad, all int) string {
	if all == 1 {
		return "the entry is refused"
	}
	return fmt.Sprintf("%d of %d entries refused", bad, all)
}

// refusedLine is a refused entry, with the flag that would let it pass.
func refusedLine(l control.Line) lineJSON {
	text := l.Message
	for _, confirm := range l.Confirm {
		text += " (" + confirmedBy(confirm) + ")"
	}
	return lineJSON{
		Entry: l.Entry, Status: string(l.Status), Code: l.Code, Message: text,
		Suggest: l.Suggest, Confirm: l.Confirm,
	}
}

// confirmedBy names the flag that confirms.
func confirmedBy(c trust.Confirmation) string {
	switch c {
	case trust.ConfirmInsecure:
		return "confirm with --insecure"
	case trust.ConfirmPublicSuffix:
		return "confirm with --force --reason TEXT"
	}
	return "confirm with --yes"
}
