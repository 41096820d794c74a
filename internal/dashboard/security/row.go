package security

import (
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/trust"
)

func newRow(now time.Time, d control.Domain) row {
	return row{
		ID: d.ID, Version: d.Version,
		Domain: d.Domain.String(), Readable: readable(d.Domain), Label: shell.Cut(d.Label, maxShown),
		Badges: badges(now, d), Enabled: d.Enabled,
		Added: shell.NewWhen(now, d.CreatedAt), By: d.CreatedBy,
		Seen: shell.NewWhen(now, d.LastSeen), Hits: d.Hits,
	}
}

// readable is the internationalised form of a domain where it is another than
// the one that is matched, and "" elsewhere.
func readable(d trust.Domain) string {
	if u := d.Unicode(); u != d.String() {
		return u
	}
	return ""
}

// A badge is one thing to know of an entry at a glance.
type badge struct {
	Kind string // "off", "expired", "soon", "insecure", "shared"
	Text string
	Hint string // a sentence that says what it means
}

// badges returns what is to know of an entry, the most pressing first.
func badges(now time.Time, d control.Domain) []badge {
	var all []badge
	if !d.Enabled {
		all = append(all, badge{"off", "Off", "Switched off: its pages are refused."})
	}
	if !d.ExpiresAt.IsZero() {
		all = append(all, expiryBadge(now, d.ExpiresAt))
	}
	return append(all, natureBadges(d.Domain)...)
}

func expiryBadge(now, at time.Time) badge {
	when := shell.NewWhen(now, at)
	if !now.Before(at) {
		return badge{"expired", "Expired " + when.Text, "Expired on " + when.Exact + ": its pages are refused."}
	}
	return badge{"soon", "Expires " + when.Text, "Trusted until " + when.Exact + "."}
}

// natureBadges says what kind of pages an entry trusts, where that takes care.
func natureBadges(d trust.Domain) []badge {
	switch {
	case d.IsLoopback():
		return []badge{{"shared", "This machine", "Shared by every program on a visitor's machine."}}
	case d.IsApp():
		return []badge{{"shared", "App", "Shared by every program on a visitor's machine that can use this scheme, and by many apps."}}
	case isInsecure(d):
		return []badge{{"insecure", "Insecure", "Without https, others on the network can serve pages in its name."}}
	}
	return nil
}

// isInsecure reports whether pages come without TLS from another machine.
func isInsecure(d trust.Domain) bool {
	return !d.IsLoopback() && strings.HasPrefix(d.String(), "http://")
}

// trusts says in a sentence which pages an entry trusts.
func trusts(d trust.Domain) string {
	s := d.String()
	scheme, name, found := strings.Cut(s, "://")
	if !found {
		scheme, name = "https", s
	}
	below, wildcard := strings.CutPrefix(name, "*.")
	switch {
	case wildcard:
		return "Trusts pages of every name below " + below + " over " + scheme + ", but not of " + below + " itself."
	case found:
		return "Trusts pages of exactly " + s + "."
	case d.IsLoopback() && hasPort(s):
		return "Trusts pages of http://" + s + " and https://" + s + "."
	case d.IsLoopback():
		return "Trusts pages of http://" + s + " and https://" + s + ", on any port."
	}
	return "Trusts pages of https://" + s + "."
}

// hasPort reports whether an entry without scheme names a port.
func hasPort(entry string) bool {
	return strings.LastIndexByte(entry, ':') > strings.LastIndexByte(entry, ']')
}
