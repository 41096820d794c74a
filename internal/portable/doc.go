// Package portable reads and writes lists of Trusted Domains in the formats in which
// they come from elsewhere, and in Crossgate's own.
//
// What a list from elsewhere trusts is never widened: an entry that means less here
// than it did there is kept, and a [Note] says so; one that cannot be translated with
// certainty is a [Mistake], named by its line. Nothing is judged here that the control
// plane judges: whether an entry is a good one, and whether it is on the list already.
package portable

import (
	"fmt"
	"strings"
	"time"
)

// Limits of a list that is read. Longer ones are imported in parts.
const (
	MaxBytes   = 8 << 20 // of its text
	MaxEntries = 10_000  // what the control plane adds at once
	maxNotes   = 20_000  // and origins that are left out
	maxWrong   = 100     // mistakes after which nothing more is read
	maxShown   = 100     // bytes of the list that a sentence repeats
)

// A Kind is the format of a list.
type Kind string

// The formats. All can be read; Plain, CSV and JSON can be written.
const (
	Plain    Kind = "plain"     // entries separated by lines, commas or spaces; what follows a # is the label
	CSV      Kind = "csv"       // a header row, with domain, label, expires_at, enabled
	JSON     Kind = "json"      // an array of entries, or of objects as domain list --json prints them
	Vanilla  Kind = "vanilla"   // Vanilla's Trusted Domains: *.example.com means the apex, too
	NginxMap Kind = "nginx-map" // map $http_origin $allowed { … }
	Okta     Kind = "okta"      // trusted origins, as Okta's API lists them
	Auth0    Kind = "auth0"     // an application or several, as Auth0's API shows them
)

// Kinds returns all formats.
func Kinds() []Kind { return []Kind{Plain, CSV, JSON, Vanilla, NginxMap, Okta, Auth0} }

// Written returns the formats that [Write] writes.
func Written() []Kind { return []Kind{Plain, CSV, JSON} }

// An Entry is one entry of a list, to be added.
type Entry struct {
	Line    int    // where it stands, from 1
	Typed   string // as the list has it
	Domain  string // what is to be added, in the grammar of Trusted Domains
	Label   string
	Expires time.Time // zero: never
	Off     bool      // on the list, but switched off
}

// A Note says what a person should know before a list is imported: what means less
// here than it did, and what was left out.
type Note struct {
	Line int // from 1; 0: about the whole list
	Text string
}

// A Mistake is a line that cannot be imported.
type Mistake struct {
	Line int // from 1; 0: about the whole list
	Text string
}

// Mistakes is the error of a list that cannot be imported, with all its mistakes.
type Mistakes []Mistake

// Error has a line for each mistake.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, one := range m {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

func (m Mistake) String() string { return atLine(m.Line, m.Text) }
func (n Note) String() string    { return atLine(n.Line, n.Text) }

func atLine(line int, text string) string {
	if line == 0 {
		return text
	}
	return fmt.Sprintf("line %d: %s", line, text)
}

// shown is a piece of the list, fit for a sentence.
func shown(text string) string {
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return fmt.Sprintf("%q", text)
}
