package control

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// SetDomain changes one entry. Nil fields stay.
type SetDomain struct {
	ID      int64
	Version int64 // the version that was seen; 0: any
	Label   *string
	Enabled *bool
	Expires *time.Time // zero time: never
}

// SetDomain changes one entry. Where that leaves it as it was, nothing is
// recorded and the Change is zero.
func (s *Service) SetDomain(ctx context.Context, who Actor, in SetDomain) (Domain, Change, error) {
	if err := s.validSet(in); err != nil {
		return Domain{}, Change{}, err
	}
	var c Change
	d, err := change(ctx, s, func(w Writer) (Domain, error) {
		before, err := s.domain(w, in.ID)
		if err != nil {
			return before, err
		}
		if in.Version != 0 && in.Version != before.Version {
			return before, changedSince(before.Domain.String())
		}
		after, did := in.applied(before)
		if len(did) == 0 {
			return before, nil
		}
		c, err = s.replace(w, who, AuditRecord{
			Change: Change{Action: actionSetDomain, Summary: before.Domain.String() + ": " + strings.Join(did, ", ")},
		}, []Domain{before}, []Domain{after})
		return after, err
	})
	return d, c, err
}

func (s *Service) validSet(in SetDomain) error {
	if in.Label != nil {
		if err := validText("label", *in.Label, MaxLabel); err != nil {
			return err
		}
	}
	if in.Expires != nil {
		return s.validExpiry(*in.Expires)
	}
	return nil
}

// applied returns the entry as it is asked to be, and what that changes of it.
func (in SetDomain) applied(d Domain) (Domain, []string) {
	var did []string
	if in.Label != nil && strings.TrimSpace(*in.Label) != d.Label {
		d.Label = strings.TrimSpace(*in.Label)
		did = append(did, fmt.Sprintf("label %q", d.Label))
	}
	if in.Enabled != nil && *in.Enabled != d.Enabled {
		d.Enabled = *in.Enabled
		did = append(did, map[bool]string{true: "switched on", false: "switched off"}[d.Enabled])
	}
	if in.Expires != nil && !kept(*in.Expires).Equal(d.ExpiresAt) {
		d.ExpiresAt = kept(*in.Expires)
		did = append(did, "expires "+expiryText(d.ExpiresAt))
	}
	if len(did) > 0 {
		d.Version++
	}
	return d, did
}

// kept is a time as the records keep it.
func kept(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

func expiryText(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.RFC3339)
}

func changedSince(entry string) *Error {
	return refuse(CodeChangedSince, "", entry+" was changed since; load the list again and look at it first")
}
