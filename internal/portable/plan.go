package portable

import (
	"fmt"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Live leaves out the entries that have expired by now, with a note for each: they
// would trust nothing.
func Live(entries []Entry, now time.Time) (live []Entry, notes []Note) {
	for _, e := range entries {
		if !e.Expires.IsZero() && !now.Before(e.Expires) {
			notes = append(notes, Note{e.Line, fmt.Sprintf("%s is left out: it expired at %s", e.Typed, e.Expires.UTC().Format(time.RFC3339))})
			continue
		}
		live = append(live, e)
	}
	return live, notes
}

// Request asks for entries to be added, each with its own label, expiry and switch. The
// control plane's answer has a line for each entry, in the same order. Of an entry that
// stands twice the first one counts.
func Request(entries []Entry) control.AddDomains {
	in := control.AddDomains{
		Text:    make([]string, len(entries)),
		Details: make(map[string]control.EntryDetails, len(entries)),
	}
	for i, e := range entries {
		in.Text[i] = e.Domain
		if _, twice := in.Details[e.Domain]; !twice {
			in.Details[e.Domain] = control.EntryDetails{Label: e.Label, Expires: e.Expires, Off: e.Off}
		}
	}
	return in
}
