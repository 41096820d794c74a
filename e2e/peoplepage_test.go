package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// TestPeoplePage invites somebody, who looks, is given more, and is removed.
func TestPeoplePage(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	d.Do(o.open("/settings/people"), fill("#invite #name", script+unreadable))
	choose(d, "#invite button.primary", "#name-error")

	const guest = "grace@example.com"
	d.Do(fill("#invite #name", guest), fill("#invite-role", "viewer"))
	choose(d, "#invite button.primary", "#invitation-link")
	link := textOf(d, "#invitation-link")

	theirs := browser.Open(t, link)
	theirs.Do(fill("#accept #password", "short"), chromedp.SetAttributes(chromedp.CSS("#accept #password"), map[string]string{"minlength": "0"}))
	choose(theirs, "#accept button.primary", "#password-error")
	theirs.Do(fill("#accept #password", password))
	choose(theirs, "#accept button.primary", "form#sign-out")
	for _, page := range []string{"/settings/security/policy", "/settings/tokens/new"} {
		theirs.Do(o.open(page), chromedp.WaitReady(chromedp.CSS("form fieldset[disabled]")))
	}
	again := browser.Open(t, link)
	if text := again.Text(); !strings.Contains(text, "does not work any more") {
		t.Errorf("the invitation works twice:\n%s", text)
	}

	d.Do(o.open("/settings/people?search=grace"))
	choose(d, "#people-list td.do a", "form#set-role")
	d.Do(fill("#person-role", "editor"))
	choose(d, "#set-role button.primary", "#message .message")
	o.gateway.Await("the new role", func() bool { return canCreateTokens(o, theirs) })

	d.Do(o.open("/settings/people?search=grace"))
	choose(d, "#people-list td.do a", "form#remove-person")
	choose(d, "#remove-person button.danger", "#people-list")
	theirs.Do(o.open("/settings/tokens"), chromedp.WaitVisible(chromedp.CSS("form#sign-in")))
}

// canCreateTokens opens the form for a token, and reports whether it is of use.
func canCreateTokens(o office, page *chromium.Page) bool {
	page.Do(o.open("/settings/tokens/new"))
	return chromium.Eval[bool](page, `!document.querySelector("#create fieldset").disabled`)
}
