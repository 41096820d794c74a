package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/crossgate"
)

// script is a name that would run, were it ever taken for anything but text.
const script = `<script>alert(1)</script><img src=x onerror=alert(2)>`

// unreadable is far too long and turns the direction of what follows it.
var unreadable = strings.Repeat("long ", 2000) + "\u202egnp.exe"

// An office is a gateway with a partner's page that it trusts, and somebody who is
// signed in to its dashboard as an owner.
type office struct {
	t         *testing.T
	gateway   *crossgate.Gateway
	partner   *chromium.Page
	dashboard *chromium.Page
}

func newOffice(t *testing.T) office {
	gateway, partner := binary.Serve(t, newAPI(t).URL), newSite(t, "localhost")
	gateway.Trust(partner.Origin, partner.Entry)
	o := office{t, gateway, browser.Open(t, partner.caller()), browser.Open(t, firstRunLink(gateway))}
	console := o.dashboard.Console()
	t.Cleanup(func() {
		if complaints := console.Complaints(); len(complaints) != 0 {
			t.Errorf("the browser complains: %q", complaints)
		}
	})
	setUp(o.dashboard)
	return o
}

// open opens a page of the dashboard.
func (o office) open(path string) chromedp.Action[chromedp.Void] {
	return chromedp.Navigate(o.gateway.Dashboard + path)
}

// awaitCall waits until a call of the partner's page has a status, and returns what
// the page then read.
func (o office) awaitCall(query, options string, status int) (read answer) {
	o.t.Helper()
	o.gateway.Await("the answer to the partner's page", func() bool {
		read = call(o.partner, o.gateway.URL+"/discussions"+query, options)
		return read.Status == status
	})
	return read
}

// fill puts a text into a field, whatever was in it.
func fill(field, text string) chromedp.Action[chromedp.Void] {
	return chromedp.SetValue(chromedp.CSS(field), text)
}

// choose presses a button or follows a link, and waits for what comes of that.
func choose(dashboard *chromium.Page, button, shows string) {
	dashboard.Do(chromedp.Click(chromedp.CSS(button)), chromedp.WaitVisible(chromedp.CSS(shows)))
}

// follow is choose where what comes is another page, and this one shows as much already.
func follow(dashboard *chromium.Page, button, shows string) {
	chromium.Eval[chromedp.Void](dashboard, `void document.documentElement.setAttribute("data-left", "")`)
	choose(dashboard, button, "html:not([data-left]) "+shows)
}

// holds checks that an element shows a text, letter by letter.
func holds(t *testing.T, dashboard *chromium.Page, selector, text string) {
	t.Helper()
	if shown := textOf(dashboard, selector); !strings.Contains(shown, text) {
		t.Errorf("%s does not show %q:\n%s", selector, text, shown)
	}
}

// valueOf returns what a field holds.
func valueOf(dashboard *chromium.Page, field string) string {
	return chromium.Eval[string](dashboard, `document.querySelector("`+field+`").value`)
}
