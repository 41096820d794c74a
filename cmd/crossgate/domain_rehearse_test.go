package main

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// An entry that has expired lets nobody in, on or off, unless it gets a new expiry.
func TestRehearsedExpiry(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	domain, err := trust.ParseDomain("app.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		expires time.Time
		set     domainSet
		adds    int
		removes int
	}{
		{"on", time.Time{}, domainSet{on: true}, 1, 0},
		{"on, to expire", now.Add(time.Hour), domainSet{on: true}, 1, 0},
		{"on, expired", now, domainSet{on: true}, 0, 0},
		{"on, expired, with a new expiry", now, domainSet{on: true, expires: expiry{given: true, never: true}}, 1, 0},
		{"off", time.Time{}, domainSet{off: true}, 0, 1},
	} {
		got, _ := c.set.rehearsed(control.Domain{ID: 7, Domain: domain, ExpiresAt: c.expires}, now)
		if len(got.With) != c.adds || len(got.Without) != c.removes {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
