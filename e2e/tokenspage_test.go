package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTokensPage creates a token by clicking, uses it, and takes it back.
func TestTokensPage(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	d.Do(o.open("/settings/tokens"))
	choose(d, "#create-token", "form#create")

	d.Do(fill("#name", unreadable))
	choose(d, "#create button.primary", "#name-error")
	if valueOf(d, "#name") != unreadable {
		t.Error("the name that was refused is not kept as it was typed")
	}

	d.Do(
		fill("#name", script),
		chromedp.Click(chromedp.CSS("input[name=method][value=GET]")),
		fill("#path-prefix", "/discussions"),
	)
	choose(d, "#create button.primary", "#created #secret")
	holds(t, d, "#created", script)
	secret := textOf(d, "#secret")

	header := `{headers: {Authorization: "Bearer ` + secret + `"}}`
	o.awaitCall("", header, http.StatusOK)
	o.awaitCall("?access_token="+secret, "{}", http.StatusOK)
	o.awaitCall("/elsewhere?access_token="+secret, `{method: "POST", body: "{}"}`, http.StatusForbidden)

	choose(d, "#created a.primary", "#tokens-list")
	holds(t, d, "#tokens-list", script)
	choose(d, "#tokens-list td.do a", "#revoke-token")
	choose(d, "#revoke-token", "#tokens-list tr.is-off")
	await(t, o.gateway, "the revoked token to be refused", func() bool {
		return call(o.partner, o.gateway.URL+"/discussions", header).Status == http.StatusUnauthorized
	})
	keepsSecret(t, o.gateway, secret)
}
