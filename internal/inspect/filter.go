package inspect

import (
	"strings"
)

// A Filter chooses exchanges. The zero Filter chooses all; what is set must hold
// together.
type Filter struct {
	Outcome   Outcome // "": all
	Reason    string  // a code; "": all
	Origin    string  // exactly; "": all
	Method    string  // Method or Effective; "": all
	Token     string  // a public id; "": all
	Preflight *bool   // nil: preflights and others
	Search    string  // somewhere in path or origin, whatever its case; "": all
}

// Matches reports whether the filter chooses an exchange.
func (f *Filter) Matches(e *Exchange) bool {
	switch {
	case f.Outcome != "" && f.Outcome != e.Outcome,
		f.Reason != "" && f.Reason != string(e.Reason),
		f.Origin != "" && f.Origin != e.Origin,
		f.Method != "" && f.Method != e.Method && f.Method != e.Effective,
		f.Token != "" && f.Token != e.Token,
		f.Preflight != nil && *f.Preflight != e.Preflight:
		return false
	}
	return f.Search == "" || contains(e.Path, f.Search) || contains(e.Origin, f.Search)
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
