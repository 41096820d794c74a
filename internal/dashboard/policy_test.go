package dashboard_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

const policyPath = "/settings/security/policy"

// policyForm is the form as it is sent where nothing was changed, with some of it
// replaced: names and values, "-name" leaves one out.
func policyForm(version int64, pairs ...string) []string {
	form := []string{"version", strconv.FormatInt(version, 10)}
	fixed := []string{
		"mode", "enforce", "any-header", "yes", "headers", "", "expose-all", "yes", "expose", "", "max-age", "7200",
		"query-carrier", "full", "exempt", "", "other-methods", "", "credential", "", "upstream-credential", "",
		"method", "GET", "method", "HEAD", "method", "POST", "method", "PUT", "method", "PATCH", "method", "DELETE",
	}
	given := func(name string) bool {
		for i := 0; i < len(pairs); i += 2 {
			if strings.TrimPrefix(pairs[i], "-") == name {
				return true
			}
		}
		return false
	}
	for i := 0; i < len(fixed); i += 2 {
		if !given(fixed[i]) {
			form = append(form, fixed[i], fixed[i+1])
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.HasPrefix(pairs[i], "-") {
			form = append(form, pairs[i], pairs[i+1])
		}
	}
	return form
}

func (h *house) policy() control.Policy {
	h.t.Helper()
	p, err := h.control.Policy(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func TestPolicy(t *testing.T) {
	h := newHouse(t, unlocked).withAccount()
	b := h.signedIn()
	b.get("/settings/security").shows(t, 200, `href="/settings/security/policy"`)
	b.get(policyPath).shows(t, 200, `value="7200"`, "Dashboard <span", "Security</p>")
	b.post(policyPath, policyForm(1)...).leads(t, policyPath+"?notice=same")
	b.get(policyPath+"?notice=same").shows(t, 200, "nothing was changed")

	got := b.post(policyPath, policyForm(1, "any-header", "no", "headers", "X-One, X-Two", "expose-all", "no", "expose", "X-Total",
		"max-age", "60", "query-carrier", "read", "token-required", "yes", "other-methods", "REPORT", "-method", "", "method", "GET")...)
	got.leads(t, policyPath+"?change=")
	b.get(got.location).shows(t, 200, "Site policy: ", "In force now", "X-One\nX-Two</textarea>", `value="60"`, `value="REPORT"`)
	p := h.policy()
	if p.AnyHeader || len(p.Headers) != 2 || len(p.Expose) != 1 || !p.TokenRequired || strings.Join(p.Methods, " ") != "GET REPORT" {
		t.Errorf("saved: %+v", p)
	}
	b.post(policyPath, policyForm(2, "any-header", "no", "headers", "X-One\r\nX-Two", "expose-all", "no", "expose", "X-Total",
		"max-age", "60", "query-carrier", "read", "token-required", "yes", "other-methods", "REPORT", "-method", "", "method", "GET")...,
	).leads(t, policyPath+"?notice=same")
}

// What grants more than before is saved with its tick alone.
func TestPolicyConfirmations(t *testing.T) {
	tests := []struct {
		name, field string
		form        []string
	}{
		{"observe", "mode", []string{"mode", "observe"}},
		{"cookies", "credentials", []string{"credentials", "yes"}},
		{"open envelopes", "open-envelopes", []string{"open-envelopes", "yes"}},
		{"an open path", "exempt", []string{"exempt", "POST /saml/acs"}},
		{"a credential", "upstream-credential", []string{"credential", "replace", "upstream-credential", "Bearer of-the-api"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, unlocked).withAccount()
			b := h.signedIn()
			got := b.post(policyPath, policyForm(1, test.form...)...)
			got.shows(t, 422, "Tick its box if you mean to", `id="`+test.field+`-error"`)
			if strings.Contains(got.body, "of-the-api") || h.policy().Version != 1 {
				t.Error("saved without a tick, or a credential is shown")
			}
			b.post(policyPath, policyForm(1, append(test.form, "confirm", "another")...)...).shows(t, 422)
			b.post(policyPath, policyForm(1, append(test.form, "confirm", test.field)...)...).leads(t, policyPath+"?change=")
			if h.policy().Version != 2 {
				t.Error("not saved")
			}
		})
	}
}

func TestPolicyCredential(t *testing.T) {
	h := newHouse(t, unlocked).withAccount()
	b := h.signedIn()
	b.post(policyPath, policyForm(1, "credential", "replace", "upstream-credential", "Bearer of-the-api", "confirm", "upstream-credential")...).leads(t, policyPath)
	page := b.get(policyPath)
	page.shows(t, 200, "Keep the one that is set", "Remove it")
	if strings.Contains(page.body+h.log.String(), "of-the-api") {
		t.Error("the credential is shown or logged")
	}
	b.post(policyPath, policyForm(2)...).leads(t, policyPath+"?notice=same")
	if h.policy().UpstreamCredential == "" {
		t.Error("the credential was not kept")
	}
	b.post(policyPath, policyForm(2, "credential", "replace", "upstream-credential", " ")...).shows(t, 422, "Type the credential")
	if h.policy().UpstreamCredential == "" {
		t.Error("nothing typed removed the credential")
	}
	b.post(policyPath, policyForm(2, "credential", "remove")...).leads(t, policyPath+"?change=")
	if h.policy().UpstreamCredential != "" {
		t.Error("the credential was not removed")
	}
}

// Nobody overwrites what they have not seen, and nothing that was typed is lost.
func TestPolicyIsChangedMeanwhile(t *testing.T) {
	h := newHouse(t, unlocked).withAccount()
	b := h.signedIn()
	b.post(policyPath, policyForm(1, "max-age", "60")...).leads(t, policyPath)
	got := b.post(policyPath, policyForm(1, "query-carrier", "off", "any-header", "no", "headers", "X-Mine")...)
	got.shows(t, 409, "Somebody changed the policy meanwhile", "Request headers, Max-Age, Query carrier.", "X-Mine</textarea>", `name="version" value="2"`)
	if h.policy().QueryCarrier != "full" {
		t.Error("saved all the same")
	}
	b.post(policyPath, policyForm(2, "query-carrier", "off")...).leads(t, policyPath+"?change=")
}

func TestWrongPolicies(t *testing.T) {
	h := newHouse(t, unlocked).withAccount()
	b := h.signedIn()
	const script = "<script>alert(1)</script>"
	tests := []struct {
		name, shows string
		form        []string
	}{
		{"no method", `id="methods-error"`, []string{"-method", ""}},
		{"no such method", `id="methods-error"`, []string{"other-methods", "TRACE"}},
		{"no number", `id="max-age-error"`, []string{"max-age", script}},
		{"too long", `id="max-age-error"`, []string{"max-age", "99999999"}},
		{"no header", `id="headers-error"`, []string{"any-header", "no", "headers", script}},
		{"no exposed header", `id="expose-error"`, []string{"expose-all", "no", "expose", "*"}},
		{"no such carrier", `id="query-carrier-error"`, []string{"query-carrier", script}},
		{"no such mode", `id="mode-error"`, []string{"mode", script}},
		{"a method and no path", `id="exempt-error"`, []string{"exempt", "POST", "confirm", "exempt"}},
		{"an odd path", `id="exempt-error"`, []string{"exempt", "POST /a/../b", "confirm", "exempt"}},
		{"no scheme", `id="upstream-credential-error"`, []string{"credential", "replace", "upstream-credential", "secret-of-ours", "confirm", "upstream-credential"}},
		{"two mistakes", "several settings below", []string{"max-age", "99999999", "mode", "maybe"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.post(policyPath, policyForm(1, test.form...)...)
			got.shows(t, 422, test.shows)
			if strings.Contains(got.body, script) || strings.Contains(got.body, "secret-of-ours") {
				t.Errorf("what was typed became markup, or a secret is shown:\n%s", got.body)
			}
			if h.policy().Version != 1 {
				t.Error("saved")
			}
		})
	}
}

// What was given at the start is shown with where it came from, and not changed here.
func TestLockedPolicy(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	b.get(policyPath).shows(t, 200, "<bdi>observe</bdi>, given by <code>--mode</code>")
	b.post(policyPath, policyForm(1, "mode", "observe", "max-age", "60")...).leads(t, policyPath+"?change=")
	if p := h.policy(); p.Mode != "enforce" || p.Version != 2 {
		t.Errorf("saved: %+v", p)
	}
}
