package control_test

import (
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/trust"
)

func TestCheck(t *testing.T) {
	own, err := trust.ParseOrigin("https://api.example.com")
	must(t, err)
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	c, err := control.New(control.Config{Store: db, Own: []trust.Origin{own}})
	must(t, err)
	add(t, c, "app.example.com", "*.example.org", "off.example.net")
	no := false
	_, _, err = c.SetDomain(t.Context(), anna, control.SetDomain{ID: find(t, c, "off.example.net").ID, Enabled: &no})
	must(t, err)

	tests := []struct {
		name, origin string
		want         control.CheckResult // Origin and Detail apart
	}{
		{"trusted", "https://app.example.com", control.CheckResult{Allowed: true, Reason: "trusted", Domain: "app.example.com"}},
		{"by a wildcard", "https://a.b.example.org", control.CheckResult{Allowed: true, Reason: "trusted", Domain: "*.example.org"}},
		{"its own", "https://api.example.com", control.CheckResult{Allowed: true, Reason: "own-origin"}},
		{"another scheme", "http://app.example.com", control.CheckResult{Reason: "origin-not-trusted", Nearest: "app.example.com", Differs: trust.DiffersScheme}},
		{"another port", "https://app.example.com:8443", control.CheckResult{Reason: "origin-not-trusted", Nearest: "app.example.com", Differs: trust.DiffersPort}},
		{"the apex", "https://example.org", control.CheckResult{Reason: "origin-not-trusted", Nearest: "*.example.org", Differs: trust.DiffersSubdomain}},
		{"switched off", "https://off.example.net", control.CheckResult{Reason: "origin-not-trusted", Nearest: "off.example.net", Differs: trust.DiffersOff}},
		{"far from all", "https://elsewhere.test", control.CheckResult{Reason: "origin-not-trusted"}},
		{"null", "null", control.CheckResult{Reason: "origin-null"}},
		{"no origin at all", "app.example.com", control.CheckResult{Reason: "origin-malformed"}},
		{"empty", "", control.CheckResult{Reason: "origin-malformed"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := c.Check(t.Context(), test.origin)
			must(t, err)
			if got.Detail == "" {
				t.Error("no sentence says why")
			}
			test.want.Origin, test.want.Detail = test.origin, got.Detail
			same(t, got, test.want)
		})
	}
}
