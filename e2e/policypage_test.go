package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPolicyPage asks every request for a token, and lets them in without one again.
func TestPolicyPage(t *testing.T) {
	o := newOffice(t)
	d, required := o.dashboard, chromedp.Click(chromedp.CSS("input[name=token-required]"))
	o.awaitCall("", "{}", http.StatusOK)

	d.Do(o.open("/settings/security/policy"), required)
	choose(d, "#save-policy", "#message .message")
	if refused := o.awaitCall("", "{}", http.StatusUnauthorized); refused.Reason != "token-missing" {
		t.Errorf("the page read %+v", refused)
	}

	d.Do(o.open("/settings/security/policy"), required)
	choose(d, "#save-policy", "#token-required-error") // it grants more, and that was not confirmed
	d.Do(chromedp.Click(chromedp.CSS("input[name=confirm][value=token-required]")))
	choose(d, "#save-policy", "#message .message")
	o.awaitCall("", "{}", http.StatusOK)
}

// TestPolicyPageKeepsWhatWasTyped: nothing is saved of a form that has a mistake in it.
func TestPolicyPageKeepsWhatWasTyped(t *testing.T) {
	o := newOffice(t)
	tests := []struct{ name, field, typed, wrong string }{
		{"a method that is markup", "#other-methods", script, "#methods-error"},
		{"a Max-Age of years", "#max-age", "99999999999999999999", "#max-age-error"},
		{"a Max-Age before now", "#max-age", "-1", "#max-age-error"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := o.dashboard
			d.Do(
				o.open("/settings/security/policy"),
				chromedp.SetAttributes(chromedp.CSS("#policy"), map[string]string{"novalidate": ""}),
				chromedp.Click(chromedp.CSS("input[name=token-required]")),
				fill(test.field, test.typed),
			)
			choose(d, "#save-policy", test.wrong)
			if kept := valueOf(d, test.field); kept != test.typed {
				t.Errorf("the field holds %q, not what was typed, %q", kept, test.typed)
			}
			o.awaitCall("", "{}", http.StatusOK) // although the form asks for a token
		})
	}
}

// TestPolicyPageOpensEnvelopes: what grants more wants its tick.
func TestPolicyPageOpensEnvelopes(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	d.Do(o.open("/settings/security/policy"))
	shoot(t, d, "8-policy")
	d.Do(chromedp.Click(chromedp.CSS("input[name=open-envelopes]")))
	choose(d, "#save-policy", "#open-envelopes-error")
	d.Do(chromedp.Click(chromedp.CSS("input[name=confirm][value=open-envelopes]")))
	choose(d, "#save-policy", "#message .message")
	holds(t, d, "#message", "envelopes without a token on")
}

// TestPolicyPageRotatesTicketKeys makes a key in good time, and one that ends all tickets.
func TestPolicyPageRotatesTicketKeys(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	d.Do(o.open("/settings/security/policy"))
	holds(t, d, "#rotate-tickets", "Current key")
	choose(d, "#rotate", "#message .message")
	holds(t, d, "#message", "Tickets: a new key signs from")
	d.Do(o.open("/settings/security/policy"), chromedp.Click(chromedp.CSS("#rotate-tickets input[name=now]")))
	choose(d, "#rotate", "#message .message")
	holds(t, d, "#message", "all that were out have ended")
}
