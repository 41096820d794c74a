package control_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
)

// plan decides on a request with a token by what is published.
func plan(to *snapshot.Holder, secret string) gate.Edits {
	site := to.Load().Default.Gate
	f := &gate.Facts{Method: "GET", Path: "/", Host: "localhost", Now: time.Now(), Authorization: "Bearer " + secret, Authorizations: 1}
	return gate.Plan(site, f, gate.Judge(site, f), nil)
}

func codeOf(e gate.Edits) gate.Code {
	if e.Problem == nil {
		return ""
	}
	return e.Problem.Code
}

// A policy is in force when the call that set it returns, and within a second where
// another process set it.
func TestPolicyIsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "crossgate.db")
		server, commandLine := sealing(t, path, 1), sealing(t, path, 1)
		to, _ := start(t, server, control.SiteSettings{})
		policy := func() gate.Policy { return *to.Load().Default.Gate.Policy() }
		same(t, policy(), gate.DefaultPolicy())

		setPolicy(t, server, control.SetPolicy{TokenRequired: new(true), Mode: new(gate.Observe)})
		same(t, []any{policy().TokenRequired, policy().Mode}, []any{true, gate.Observe})
		setPolicy(t, server, control.SetPolicy{OpenEnvelopes: new(true)})
		same(t, policy().OpenEnvelopes, true)

		setPolicy(t, commandLine, control.SetPolicy{Methods: &[]string{"GET"}, Expose: &[]string{}})
		time.Sleep(time.Second)
		synctest.Wait()
		want := gate.DefaultPolicy()
		want.TokenRequired, want.OpenEnvelopes, want.Mode, want.Methods, want.Expose = true, true, gate.Observe, []string{"GET"}, []string{}
		same(t, policy(), want)
	})
}

func TestGivenModeWins(t *testing.T) {
	for _, given := range []gate.Mode{gate.Enforce, gate.Observe} {
		synctest.Test(t, func(t *testing.T) {
			c := sealing(t, filepath.Join(t.TempDir(), "crossgate.db"), 1)
			to, _ := start(t, c, control.SiteSettings{Mode: given})
			for _, set := range []gate.Mode{gate.Observe, gate.Enforce} {
				setPolicy(t, c, control.SetPolicy{Mode: new(set)})
				same(t, to.Load().Default.Gate.Policy().Mode, given)
			}
		})
	}
}

// The credential goes up in place of the access token, from the change on that gave
// it and until the one that took it away.
func TestCredentialIsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sealing(t, filepath.Join(t.TempDir(), "crossgate.db"), 1)
		to, got := start(t, c, control.SiteSettings{})
		_, secret, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "app"})
		must(t, err)
		same(t, plan(to, secret).Authorization, "")
		for _, text := range []string{credential, "Basic YW5uYTpiYXI=", ""} {
			setPolicy(t, c, control.SetPolicy{UpstreamCredential: new(text)})
			same(t, plan(to, secret).Authorization, text)
			same(t, plan(to, "opaque").AuthorizationEdited, false)
		}
		same(t, got.count(), 0)
	})
}

// Without the key the site fails closed: what needs the credential is refused, the
// rest goes on, and the reason is reported once.
func TestSealedCredentialFailsClosed(t *testing.T) {
	for name, reopen := range map[string]func(*testing.T, string) *control.Service{
		"another key": func(t *testing.T, path string) *control.Service { return sealing(t, path, 2) },
		"no key":      func(t *testing.T, path string) *control.Service { return controlOver(t, path, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "crossgate.db")
				before := sealing(t, path, 1)
				setPolicy(t, before, control.SetPolicy{UpstreamCredential: new(credential)})
				_, secret, err := before.CreateToken(t.Context(), anna, control.CreateToken{Name: "app"})
				must(t, err)
				c := reopen(t, path)
				to, got := start(t, c, control.SiteSettings{})
				same(t, codeOf(plan(to, secret)), gate.NotReady)
				same(t, codeOf(plan(to, "opaque")), gate.Code(""))
				same(t, codeOf(plan(to, secret[:len(secret)-1])), gate.TokenUnknown)

				time.Sleep(10 * time.Second)
				add(t, c, "app.example.com") // no error: the list is live
				same(t, allows(to, page), true)
				if got.count() != 1 || !strings.Contains(got.errs[0].Error(), "key") || strings.Contains(got.errs[0].Error(), "canary") {
					t.Errorf("reported: %v", got.errs)
				}
				setPolicy(t, c, control.SetPolicy{UpstreamCredential: new("")})
				same(t, codeOf(plan(to, secret)), gate.Code(""))
			})
		})
	}
}

// Whatever another process does to several tokens between two looks is in force within
// a second, all of it.
func TestTokensOfOthersAreLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "crossgate.db")
		server, commandLine := controlOver(t, path, nil), controlOver(t, path, nil)
		to, _ := start(t, server, control.SiteSettings{})
		var ids, secrets []string
		for _, name := range []string{"one", "two", "three"} {
			k, secret, err := commandLine.CreateToken(t.Context(), anna, control.CreateToken{Name: name})
			must(t, err)
			ids, secrets = append(ids, k.ID), append(secrets, secret)
		}
		codes := func() (list []gate.Code) {
			time.Sleep(time.Second)
			synctest.Wait()
			for _, secret := range secrets {
				list = append(list, codeOf(plan(to, secret)))
			}
			return list
		}
		same(t, codes(), []gate.Code{"", "", ""})
		before := to.Load()
		for _, id := range ids[:2] {
			_, err := commandLine.RevokeToken(t.Context(), anna, id)
			must(t, err)
		}
		same(t, codes(), []gate.Code{gate.TokenRevoked, gate.TokenRevoked, ""})
		to.Store(before) // what was published is never changed
		same(t, codeOf(plan(to, secrets[0])), gate.Code(""))
	})
}

// The query carrier of a token is in force at once, as its revocation is.
func TestTokenChangesAreLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := controlOver(t, filepath.Join(t.TempDir(), "crossgate.db"), nil)
		to, _ := start(t, c, control.SiteSettings{})
		inQuery := func(secret string) gate.Code {
			site := to.Load().Default.Gate
			f := &gate.Facts{Method: "GET", Path: "/", Host: "localhost", Now: time.Now(), RawQuery: "access_token=" + secret}
			return codeOf(gate.Plan(site, f, gate.Judge(site, f), nil))
		}
		_, full, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "full"})
		must(t, err)
		off, never, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "off", QueryCarrier: gate.QueryOff})
		must(t, err)
		same(t, off.QueryCarrier, gate.QueryOff)
		same(t, []gate.Code{inQuery(full), inQuery(never), codeOf(plan(to, never))}, []gate.Code{"", gate.TokenScope, ""})
		_, err = c.RevokeToken(t.Context(), anna, off.ID)
		must(t, err)
		same(t, []gate.Code{inQuery(full), codeOf(plan(to, never))}, []gate.Code{"", gate.TokenRevoked})
	})
	c, _ := newControl(t)
	_, _, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "app", QueryCarrier: "some"})
	same(t, wantCode(t, err, control.CodeInvalid).Field, "query-carrier")
}
