package security

import (
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// A confirmation is one box to tick: a kind of risk, and the entries that run it.
type confirmation struct {
	Kind    trust.Confirmation
	Risks   []risk
	Ticked  bool
	Reasons bool // a reason has to be given with it
}

// A risk is an entry that needs a person's word, and what is risky about it.
type risk struct {
	Domain string
	Text   string
}

// confirmationKinds is the order in which the boxes are shown.
var confirmationKinds = []trust.Confirmation{trust.ConfirmInsecure, trust.ConfirmLookAlike, trust.ConfirmPublicSuffix}

// confirmations returns the boxes that the lines need.
func confirmations(lines []control.Line, ticks []string) []confirmation {
	var boxes []confirmation
	for _, kind := range confirmationKinds {
		box := confirmation{Kind: kind, Reasons: kind == trust.ConfirmPublicSuffix}
		for _, l := range lines {
			if slices.Contains(l.Confirm, kind) {
				box.Risks = append(box.Risks, risk{l.Domain.String(), riskText(l, kind)})
			}
		}
		if len(box.Risks) > 0 {
			box.Ticked = slices.Contains(ticks, box.Value())
			boxes = append(boxes, box)
		}
	}
	return boxes
}

// Value is what the ticked box sends: the kind and the entries that it names. A
// tick counts for those alone, so what is typed after it needs its own.
func (c confirmation) Value() string {
	names := []string{string(c.Kind)}
	for _, r := range c.Risks {
		names = append(names, r.Domain)
	}
	return strings.Join(names, " ")
}

// Title says what has to be confirmed.
func (c confirmation) Title() string {
	switch c.Kind {
	case trust.ConfirmPublicSuffix:
		return "Confirm a public suffix"
	case trust.ConfirmLookAlike:
		return "Confirm a look-alike"
	}
	return "Confirm an insecure origin"
}

// Question is what the box says.
func (c confirmation) Question() string {
	several := len(c.Risks) > 1
	switch {
	case c.Kind == trust.ConfirmPublicSuffix && several:
		return "Trust everybody who can get a name below them."
	case c.Kind == trust.ConfirmPublicSuffix:
		return "Trust everybody who can get a name below it."
	case c.Kind == trust.ConfirmLookAlike && several:
		return "These are the names that I mean."
	case c.Kind == trust.ConfirmLookAlike:
		return "This is the name that I mean."
	case several:
		return "Trust them although others can serve pages in their names."
	}
	return "Trust it although others can serve pages in its name."
}

// riskText says what is risky about an entry.
func riskText(l control.Line, kind trust.Confirmation) string {
	switch {
	case kind == trust.ConfirmPublicSuffix:
		return "ends in a public suffix: strangers can register names below it."
	case kind == trust.ConfirmLookAlike && l.Domain.MixesScripts() && (l.Like == "" || l.Like == l.Domain.String()):
		return "mixes letters of different scripts, and so can be taken for another name."
	case kind == trust.ConfirmLookAlike:
		return "looks like " + l.Like + ", which is trusted already."
	case l.Domain.IsApp():
		return "belongs to an app or an extension; many apps and programs can use such an origin."
	}
	return "is not protected by https: anybody on the network can put their own pages there."
}

// confirmed returns the kinds whose box was ticked.
func (p *preview) confirmed() []trust.Confirmation {
	var kinds []trust.Confirmation
	for _, box := range p.Confirm {
		if box.Ticked {
			kinds = append(kinds, box.Kind)
		}
	}
	return kinds
}
