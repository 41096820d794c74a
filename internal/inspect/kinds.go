package inspect

import (
	"cmp"

	"github.com/crossgate/crossgate/internal/gate"
)

// What a slot keeps as numbers.
var (
	outcomes = [...]Outcome{wasAllowed: Allowed, wasRefused: Refused, wasObserved: Observed, wasFailed: Failed}
	carriers = [...]Carrier{Ordinary, Query, Text, Form, Multipart}
	schemes  = [...]string{"http", "https"}

	// What fetch metadata may say (Fetch Metadata Request Headers, sections 2.2 and 2.3).
	fetchModes = [...]string{"", "cors", "navigate", "no-cors", "same-origin", "websocket"}
	fetchSites = [...]string{"", "cross-site", "none", "same-origin", "same-site"}

	// verdicts are the kinds by name, with the one before them that was not judged.
	verdicts = [...]Verdict{
		0:                 VerdictNone,
		1 + gate.Refused:  VerdictRefused,
		1 + gate.NoOrigin: VerdictNoOrigin,
		1 + gate.Own:      VerdictOwn,
		1 + gate.Trusted:  VerdictTrusted,
		1 + gate.Exempt:   VerdictExempt,
		1 + gate.Observed: VerdictObserved,
	}
)

// number is where a value stands in a list; 0 where it does not.
func number[T comparable](list []T, value T) uint8 {
	for i, one := range list {
		if one == value {
			return uint8(i)
		}
	}
	return 0
}

// owner is the site that an exchange belongs to.
func (o *Observation) owner() int64 { return cmp.Or(o.SiteID, DefaultSite) }

// Where the outcomes stand in their list.
const (
	wasAllowed uint8 = iota
	wasRefused
	wasObserved
	wasFailed
)

// outcome is the number of what became of an exchange.
func (o *Observation) outcome() uint8 {
	switch {
	case o.Failed:
		return wasFailed
	case o.Refused:
		return wasRefused
	case o.Judged && o.Verdict == gate.Observed:
		return wasObserved
	}
	return wasAllowed
}

// verdict is the number of a verdict.
func (o *Observation) verdict() uint8 {
	if !o.Judged {
		return 0
	}
	return 1 + uint8(o.Verdict)
}
