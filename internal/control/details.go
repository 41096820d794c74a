package control

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// EntryDetails is what one entry of several has for itself.
type EntryDetails struct {
	Label   string
	Expires time.Time // zero: never
	Off     bool      // on the list, but switched off
}

// detailsOf returns the details of an entry: its own, or those of all.
func (in AddDomains) detailsOf(entry string) EntryDetails {
	if own, has := in.Details[entry]; has {
		own.Label = strings.TrimSpace(own.Label)
		return own
	}
	return EntryDetails{Label: strings.TrimSpace(in.Label), Expires: in.Expires}
}

// validDetails checks the details that entries have for themselves, in the order of
// their names.
func (s *Service) validDetails(in AddDomains) error {
	for _, entry := range slices.Sorted(maps.Keys(in.Details)) {
		own := in.Details[entry]
		if err := cmp.Or(validText("label", own.Label, MaxLabel), s.validExpiry(own.Expires)); err != nil {
			return err
		}
	}
	return nil
}
