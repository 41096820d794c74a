package inspect

import (
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
)

// A Filter chooses exchanges. The zero Filter chooses all; what is set must hold
// together.
type Filter struct {
	Outcome   Outcome   // "": all
	Reason    gate.Code // "": all
	Origin    string    // a part of it, whatever its case; "": all
	Method    string    // Method or Effective; "": all
	Token     string    // a public id; "": all
	Preflight *bool     // nil: preflights and others
	Path      string    // what it begins with; "": all
}

// Matches reports whether the filter chooses an exchange.
func (f *Filter) Matches(e *Exchange) bool {
	switch {
	case f.Outcome != "" && f.Outcome != e.Outcome,
		f.Reason != "" && f.Reason != e.Reason,
		f.Method != "" && f.Method != e.Method && f.Method != e.Effective,
		f.Token != "" && f.Token != e.Token,
		f.Preflight != nil && *f.Preflight != e.Preflight,
		!strings.HasPrefix(e.Path, f.Path):
		return false
	}
	return f.Origin == "" || strings.Contains(strings.ToLower(e.Origin), strings.ToLower(f.Origin))
}
