package control_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/seal"
	"github.com/crossgate/crossgate/internal/store"
)

const credential = "Bearer a-canary-for-the-upstream"

// sealing is a control plane over a file that seals with a key of one byte, many times.
func sealing(t *testing.T, path string, key byte) *control.Service {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Config{})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	box, err := seal.New(bytes.Repeat([]byte{key}, seal.KeyBytes))
	must(t, err)
	c, err := control.New(control.Config{Store: db, Sealer: box})
	must(t, err)
	return c
}

// setPolicy changes the policy, and fails the test where that is refused.
func setPolicy(t *testing.T, c *control.Service, in control.SetPolicy) control.Policy {
	t.Helper()
	p, _, err := c.SetPolicy(t.Context(), anna, in)
	must(t, err)
	return p
}

func TestPolicyIsTheDefaultAtFirst(t *testing.T) {
	c, _ := newControl(t)
	got, err := c.Policy(t.Context())
	must(t, err)
	want := gate.DefaultPolicy()
	same(t, got, control.Policy{
		Methods: want.Methods, AnyHeader: want.AnyHeader, MaxAge: want.MaxAge,
		QueryCarrier: want.QueryCarrier, Mode: want.Mode, Version: 1,
	})
}

// Each field can be changed by itself, comes back as it was set, and is recorded.
func TestSetPolicy(t *testing.T) {
	tests := []struct {
		name    string
		in      control.SetPolicy
		change  func(*control.Policy)
		summary string
	}{
		{"credentials", control.SetPolicy{Credentials: new(true)}, func(p *control.Policy) { p.Credentials = true }, "credentials on"},
		{"methods", control.SetPolicy{Methods: &[]string{"GET", " POST ", "GET"}}, func(p *control.Policy) { p.Methods = []string{"GET", "POST"} }, "methods GET POST"},
		{
			"headers",
			control.SetPolicy{AnyHeader: new(false), Headers: &[]string{"Authorization", "authorization", "X-Foo"}},
			func(p *control.Policy) { p.AnyHeader, p.Headers = false, []string{"Authorization", "X-Foo"} },
			"request headers Authorization X-Foo",
		},
		{"max-age", control.SetPolicy{MaxAge: new(24 * time.Hour)}, func(p *control.Policy) { p.MaxAge = 24 * time.Hour }, "preflights kept 24h0m0s"},
		{"no max-age", control.SetPolicy{MaxAge: new(time.Duration(0))}, func(p *control.Policy) { p.MaxAge = 0 }, "preflights kept 0s"},
		{"expose", control.SetPolicy{Expose: &[]string{"Link"}}, func(p *control.Policy) { p.Expose = []string{"Link"} }, "response headers Link"},
		{"expose none", control.SetPolicy{Expose: &[]string{}}, func(p *control.Policy) { p.Expose = []string{} }, "response headers none"},
		{"query carrier", control.SetPolicy{QueryCarrier: new(gate.QueryRead)}, func(p *control.Policy) { p.QueryCarrier = gate.QueryRead }, "tokens in the query read"},
		{
			"exempt",
			control.SetPolicy{Exempt: &[]gate.ExemptPath{{Method: "POST", Path: "/saml/acs"}, {Method: "POST", Path: "/saml/acs"}}},
			func(p *control.Policy) { p.Exempt = []gate.ExemptPath{{Method: "POST", Path: "/saml/acs"}} },
			"exempt paths POST /saml/acs",
		},
		{"token required", control.SetPolicy{TokenRequired: new(true)}, func(p *control.Policy) { p.TokenRequired = true }, "token required on"},
		{"open envelopes", control.SetPolicy{OpenEnvelopes: new(true)}, func(p *control.Policy) { p.OpenEnvelopes = true }, "envelopes without a token on"},
		{"mode", control.SetPolicy{Mode: new(gate.Observe)}, func(p *control.Policy) { p.Mode = gate.Observe }, "mode observe"},
		{"credential", control.SetPolicy{UpstreamCredential: new(" " + credential + " ")}, func(p *control.Policy) { p.UpstreamCredential = "set" }, "upstream credential given"},
		{"two at once", control.SetPolicy{TokenRequired: new(true), Credentials: new(true)}, func(p *control.Policy) { p.TokenRequired, p.Credentials = true, true }, "credentials on, token required on"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := sealing(t, filepath.Join(t.TempDir(), "crossgate.db"), 1)
			want, err := c.Policy(t.Context())
			must(t, err)
			test.change(&want)
			want.Version = 2
			got, change, err := c.SetPolicy(t.Context(), anna, test.in)
			must(t, err)
			same(t, got, want)
			read, err := c.Policy(t.Context())
			must(t, err)
			same(t, read, want)
			same(t, changes(t, c), []string{"policy.set: site policy: " + test.summary})
			wantRecorded(t, c, change.ID)
		})
	}
}

// wantRecorded wants a change of the policy to have both sides, and no credential.
func wantRecorded(t *testing.T, c *control.Service, id int64) {
	t.Helper()
	a, err := c.Audited(t.Context(), id)
	must(t, err)
	for _, side := range [][]byte{a.Before, a.After} {
		var p struct{ Version int64 }
		must(t, json.Unmarshal(side, &p))
		if p.Version == 0 || bytes.Contains(side, []byte("canary")) {
			t.Errorf("recorded as %s", side)
		}
	}
	if bytes.Equal(a.Before, a.After) {
		t.Errorf("before and after are the same: %s", a.After)
	}
}

func TestPolicyRules(t *testing.T) {
	long := make([]string, gate.MaxNames+1)
	for i := range long {
		long[i] = "X-" + strings.Repeat("a", i+1)
	}
	paths := make([]gate.ExemptPath, control.MaxExempt+1)
	for i := range paths {
		paths[i] = gate.ExemptPath{Method: "GET", Path: "/" + strings.Repeat("a", i+1)}
	}
	exempt := func(method, path string) control.SetPolicy {
		return control.SetPolicy{Exempt: &[]gate.ExemptPath{{Method: method, Path: path}}}
	}
	tests := []struct {
		name  string
		in    control.SetPolicy
		field string
	}{
		{"no methods", control.SetPolicy{Methods: &[]string{}}, "methods"},
		{"a method in lower case", control.SetPolicy{Methods: &[]string{"get"}}, "methods"},
		{"a method that is never granted", control.SetPolicy{Methods: &[]string{"GET", "TRACE"}}, "methods"},
		{"no method", control.SetPolicy{Methods: &[]string{"G T"}}, "methods"},
		{"a star for headers", control.SetPolicy{Headers: &[]string{"*"}}, "headers"},
		{"no header", control.SetPolicy{Headers: &[]string{"X:Y"}}, "headers"},
		{"too many headers", control.SetPolicy{Headers: &long}, "headers"},
		{"a star to expose", control.SetPolicy{Expose: &[]string{"*"}}, "expose"},
		{"too many to expose", control.SetPolicy{Expose: &long}, "expose"},
		{"a long time", control.SetPolicy{MaxAge: new(24*time.Hour + time.Second)}, "max-age"},
		{"a negative time", control.SetPolicy{MaxAge: new(-time.Second)}, "max-age"},
		{"half a second", control.SetPolicy{MaxAge: new(time.Second / 2)}, "max-age"},
		{"another carrier", control.SetPolicy{QueryCarrier: new(gate.QueryCarrier("some"))}, "query-carrier"},
		{"another mode", control.SetPolicy{Mode: new(gate.Mode("off"))}, "mode"},
		{"an exempt path without a method", exempt("", "/a"), "exempt"},
		{"an exempt path without a path", exempt("GET", ""), "exempt"},
		{"an exempt path that is relative", exempt("GET", "a"), "exempt"},
		{"an exempt path with a query", exempt("GET", "/a?b"), "exempt"},
		{"an exempt path with dots", exempt("GET", "/a/../b"), "exempt"},
		{"an exempt path with percent codes", exempt("GET", "/a%2fb"), "exempt"},
		{"an exempt path with a semicolon", exempt("GET", "/a;b"), "exempt"},
		{"too many exempt paths", control.SetPolicy{Exempt: &paths}, "exempt"},
		{"a credential without a scheme", control.SetPolicy{UpstreamCredential: new("a-canary")}, "upstream-credential"},
		{"a credential with the header's name", control.SetPolicy{UpstreamCredential: new("Authorization: Bearer canary")}, "upstream-credential"},
		{"a credential on two lines", control.SetPolicy{UpstreamCredential: new("Bearer canary\r\nX: y")}, "upstream-credential"},
		{"a credential of Crossgate's", control.SetPolicy{UpstreamCredential: new("Bearer cgt_canary")}, "upstream-credential"},
		{"a long credential", control.SetPolicy{UpstreamCredential: new("Bearer canary" + strings.Repeat("a", control.MaxCredential))}, "upstream-credential"},
	}
	c := sealing(t, filepath.Join(t.TempDir(), "crossgate.db"), 1)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := c.SetPolicy(t.Context(), anna, test.in)
			bad := wantCode(t, err, control.CodeInvalid)
			same(t, bad.Field, test.field)
			same(t, len(bad.Fields), 1)
			if strings.Contains(bad.Message, "canary") || len(bad.Message) > 600 {
				t.Errorf("the message repeats what was typed: %q", bad.Message)
			}
		})
	}
	same(t, changes(t, c), []string{})
}

// All mistakes are told at once, and nothing is saved.
func TestPolicyMistakesAreToldAtOnce(t *testing.T) {
	c, _ := newControl(t)
	_, _, err := c.SetPolicy(t.Context(), anna, control.SetPolicy{
		Credentials: new(true), Methods: &[]string{"get"}, MaxAge: new(-time.Second), Mode: new(gate.Mode("")),
	})
	bad := wantCode(t, err, control.CodeInvalid)
	fields := []string{}
	for _, one := range bad.Fields {
		fields = append(fields, one.Field)
	}
	same(t, fields, []string{"methods", "max-age", "mode"})
	p, err := c.Policy(t.Context())
	must(t, err)
	same(t, p.Credentials, false)
}

func TestPolicyIsLockedOptimistically(t *testing.T) {
	c, _ := newControl(t)
	seen, err := c.Policy(t.Context())
	must(t, err)
	after := setPolicy(t, c, control.SetPolicy{Version: seen.Version, Credentials: new(true)})
	_, _, err = c.SetPolicy(t.Context(), anna, control.SetPolicy{Version: seen.Version, Credentials: new(false)})
	wantCode(t, err, control.CodeChangedSince)
	same(t, setPolicy(t, c, control.SetPolicy{Version: after.Version, TokenRequired: new(true)}).Credentials, true)

	_, change, err := c.SetPolicy(t.Context(), anna, control.SetPolicy{Credentials: new(true)}) // as it is
	must(t, err)
	same(t, change, control.Change{})
	same(t, len(changes(t, c)), 2)
}

func TestCredentialNeedsASealer(t *testing.T) {
	c, _ := newControl(t)
	_, _, err := c.SetPolicy(t.Context(), anna, control.SetPolicy{UpstreamCredential: new(credential)})
	same(t, wantCode(t, err, control.CodeNoSecretKey).Field, "upstream-credential")
	_, change, err := c.SetPolicy(t.Context(), anna, control.SetPolicy{UpstreamCredential: new("")}) // none before
	must(t, err)
	same(t, change, control.Change{})
}
