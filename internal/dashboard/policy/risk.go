package policy

import (
	"slices"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
)

// A risk is a setting that grants more than before: saved only with a tick.
type risk struct {
	Field string
	Text  string // what is wrong without the tick
}

// risks returns what the form would grant that the policy in force does not.
func risks(now control.Policy, in control.SetPolicy) []risk {
	var all []risk
	note := func(does bool, field, text string) {
		if does {
			all = append(all, risk{field, text})
		}
	}
	note(in.Mode != nil && *in.Mode == gate.Observe && now.Mode != gate.Observe,
		"mode", "This lets requests of every origin through. Tick its box if you mean to.")
	note(in.Credentials != nil && *in.Credentials && !now.Credentials,
		"credentials", "This lets trusted pages act as the visitors who are signed in. Tick its box if you mean to.")
	note(in.TokenRequired != nil && !*in.TokenRequired && now.TokenRequired,
		"token-required", "This lets requests without a token through. Tick its box if you mean to.")
	note(in.OpenEnvelopes != nil && *in.OpenEnvelopes && !now.OpenEnvelopes,
		"open-envelopes", "This lets envelopes without a token change things. Tick its box if you mean to.")
	note(in.Exempt != nil && opens(now.Exempt, *in.Exempt),
		"exempt", "This opens a path to pages of every origin. Tick its box if you mean to.")
	note(in.UpstreamCredential != nil && *in.UpstreamCredential != "",
		"upstream-credential", "This gives everybody who has an access token the power of the credential. Tick its box if you mean to, and type the credential again.")
	return all
}

// opens reports whether a path is exempt that was not.
func opens(before, after []gate.ExemptPath) bool {
	return slices.ContainsFunc(after, func(e gate.ExemptPath) bool { return !slices.Contains(before, e) })
}

// confirmed returns nil where every risk has its tick, and otherwise the mistakes.
func (f form) confirmed(all []risk) error {
	var missing []*control.Error
	for _, r := range all {
		if !slices.Contains(f.Confirmed, r.Field) {
			missing = append(missing, &control.Error{Code: control.CodeNeedsConfirmation, Field: r.Field, Message: r.Text})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &control.Error{Code: control.CodeNeedsConfirmation, Message: "Nothing was saved yet: something needs your confirmation.", Fields: missing}
}

// IsConfirmed reports whether the box of a field was ticked.
func (f form) IsConfirmed(field string) bool { return slices.Contains(f.Confirmed, field) }
