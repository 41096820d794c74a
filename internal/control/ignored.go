package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// An IgnoredOrigin is one that is refused, and about which nobody wants to hear.
type IgnoredOrigin struct {
	Origin string // as it was sent
	At     time.Time
	By     string
}

// Limits of what is ignored.
const (
	MaxIgnoredOrigins = 1000 // origins at once
	MaxIgnoredOrigin  = 300  // bytes of one
)

// IgnoreOrigin keeps an origin out of the inbox of refused ones. It is refused as
// before. Where it is ignored already, nothing is recorded and the Change is zero.
func (s *Service) IgnoreOrigin(ctx context.Context, who Actor, origin string) (Change, error) {
	if err := validIgnored(origin); err != nil {
		return Change{}, err
	}
	var c Change
	err := s.store.Update(ctx, func(w Writer) error {
		have, err := w.IgnoredOrigins(s.site.ID)
		if err != nil || ignores(have, origin) {
			return err
		}
		if len(have) >= MaxIgnoredOrigins {
			return refuse(CodeTooMany, "origin", fmt.Sprintf("%d origins are ignored, which is the most that are kept; heed some of them first", len(have)))
		}
		one := IgnoredOrigin{Origin: origin, At: s.now(), By: who.Name}
		if err := w.PutIgnoredOrigin(s.site.ID, one); err != nil {
			return err
		}
		c, err = s.recordOrigin(w, who, actionIgnoreOrigin, "ignored "+origin, nil, &origin)
		return err
	})
	return c, err
}

// HeedOrigin takes an origin back into the inbox. Where it is not ignored, nothing is
// recorded and the Change is zero.
func (s *Service) HeedOrigin(ctx context.Context, who Actor, origin string) (Change, error) {
	if err := validIgnored(origin); err != nil {
		return Change{}, err
	}
	var c Change
	err := s.store.Update(ctx, func(w Writer) error {
		err := w.DeleteIgnoredOrigin(s.site.ID, origin)
		if errors.Is(err, ErrNoRecord) {
			return nil
		}
		if err == nil {
			c, err = s.recordOrigin(w, who, actionHeedOrigin, "heeded "+origin+" again", &origin, nil)
		}
		return err
	})
	return c, err
}

// IgnoredOrigins lists the origins that are ignored, the newest first.
func (s *Service) IgnoredOrigins(ctx context.Context) ([]IgnoredOrigin, error) {
	return view(ctx, s, func(r Reader) ([]IgnoredOrigin, error) { return r.IgnoredOrigins(s.site.ID) })
}

// validIgnored checks what is to be ignored. It need not be an origin: browsers send
// "null", and others what they like.
func validIgnored(origin string) error {
	if origin == "" {
		return refuse(CodeInvalid, "origin", "name the origin, as in https://app.example.com")
	}
	return validText("origin", origin, MaxIgnoredOrigin)
}

func ignores(list []IgnoredOrigin, origin string) bool {
	for _, one := range list {
		if one.Origin == origin {
			return true
		}
	}
	return false
}

// auditedOrigin is an origin as the audit log keeps it.
type auditedOrigin struct {
	Origin string `json:"origin"`
}

// recordOrigin records what was done about an origin. Nil is one that is not ignored.
// The gateway decides nothing by it, so there is no subject.
func (s *Service) recordOrigin(w Writer, who Actor, action, summary string, before, after *string) (Change, error) {
	r := AuditRecord{Change: Change{Actor: who, Action: action, Summary: summary}, Site: s.site.ID}
	var err error
	if r.Before, err = encodeOrigin(before); err != nil {
		return Change{}, err
	}
	if r.After, err = encodeOrigin(after); err != nil {
		return Change{}, err
	}
	return s.record(w, r, nil)
}

func encodeOrigin(origin *string) ([]byte, error) {
	if origin == nil {
		return []byte("null"), nil
	}
	return json.Marshal(auditedOrigin{*origin})
}
