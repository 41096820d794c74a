package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/crossgate"
)

const (
	account  = "ada"
	password = "four ordinary words together"
)

// TestDashboardByClicking goes the way of somebody who is no programmer: from the link
// that the first start prints to a partner's page that works, and back.
func TestDashboardByClicking(t *testing.T) {
	t.Run("with JavaScript", func(t *testing.T) { visitDashboard(t) })
	t.Run("without JavaScript", func(t *testing.T) { visitDashboard(t, chromium.WithoutScripts()) })
}

func visitDashboard(t *testing.T, before ...chromedp.Action[chromedp.Void]) {
	api := newAPI(t)
	gateway := binary.Serve(t, api.URL)
	partner, stranger := newSite(t, "localhost"), newSite(t, "localhost")
	calling := browser.Open(t, partner.caller())
	works := func() bool { return call(calling, gateway.URL+"/discussions", "{}").Status == http.StatusOK }
	if works() {
		t.Fatal("the partner's page works before anybody trusts it")
	}

	dashboard := browser.Open(t, firstRunLink(gateway), before...)
	setUp(dashboard)
	signOut(dashboard)
	signInAs(dashboard, account, password)

	addDomains(dashboard, partner.Entry)
	await(t, gateway, "the partner's page to work", works)

	dashboard.Do(
		chromedp.SendKeys(chromedp.CSS("form#tester input[name=origin]"), strings.Replace(partner.Origin, "http:", "https:", 1)),
		chromedp.Click(chromedp.CSS("form#tester button")),
		chromedp.WaitVisible(chromedp.CSS("#tester-result .verdict.good")),
		chromedp.SetValue(chromedp.CSS("form#tester input[name=origin]"), stranger.Origin),
		chromedp.Click(chromedp.CSS("form#tester button")),
		chromedp.WaitVisible(chromedp.CSS("#tester-result .verdict.refused")),
	)
	if verdict := textOf(dashboard, "#tester-result"); !strings.Contains(verdict, partner.Entry) {
		t.Errorf("the tester does not name the nearest entry, %s:\n%s", partner.Entry, verdict)
	}

	dashboard.Do(
		chromedp.Click(chromedp.CSS("#domains-list button[name=one]")),
		chromedp.WaitVisible(chromedp.CSS("form#impact")),
	)
	holds(t, dashboard, "#affected", partner.Origin) // it has just called
	if !works() {
		t.Error("looking at what a removal would do has done it")
	}
	dashboard.Do(
		chromedp.Click(chromedp.CSS("form#impact button.danger")),
		chromedp.WaitVisible(chromedp.CSS(".empty")),
	)
	await(t, gateway, "the partner's page to be stopped", func() bool { return !works() })

	dashboard.Do(
		chromedp.Click(chromedp.CSS("form#undo button")),
		chromedp.WaitVisible(chromedp.CSS("#domains-list")),
	)
	await(t, gateway, "the partner's page to work again", works)
}

// await waits until something is so, and logs how long that took.
func await(t *testing.T, gateway *crossgate.Gateway, what string, so func() bool) {
	t.Helper()
	start := time.Now()
	gateway.Await(what, so)
	t.Logf("%s took %v", what, time.Since(start).Round(time.Millisecond))
}

var setupLink = regexp.MustCompile(`http://[^\s"]+/setup\?secret=[^\s"]+`)

// firstRunLink finds the link that a first start prints.
func firstRunLink(gateway *crossgate.Gateway) (link string) {
	gateway.Await("the first-run link", func() bool {
		link = setupLink.FindString(gateway.Printed())
		return link != ""
	})
	return link
}

func setUp(dashboard *chromium.Page) {
	dashboard.Do(
		chromedp.SendKeys(chromedp.CSS("form#setup input[name=name]"), account),
		chromedp.SendKeys(chromedp.CSS("form#setup input[name=password]"), password),
		chromedp.Click(chromedp.CSS("form#setup button")),
		chromedp.WaitVisible(chromedp.CSS("form#sign-out")),
	)
	openSecurity(dashboard)
}

// openSecurity goes from any page to Settings › Security, by the navigation.
func openSecurity(dashboard *chromium.Page) {
	dashboard.Do(
		chromedp.Click(chromedp.CSS(`.side a[href="/settings/security"]`)),
		chromedp.WaitVisible(chromedp.CSS("form#add")),
	)
}

func signOut(dashboard *chromium.Page) {
	dashboard.Do(
		chromedp.Click(chromedp.CSS("form#sign-out button")),
		chromedp.WaitVisible(chromedp.CSS("form#sign-in")),
	)
}

func signInAs(dashboard *chromium.Page, account, password string) {
	dashboard.Do(
		chromedp.SendKeys(chromedp.CSS("form#sign-in input[name=name]"), account),
		chromedp.SendKeys(chromedp.CSS("form#sign-in input[name=password]"), password),
		chromedp.Click(chromedp.CSS("form#sign-in button")),
		chromedp.WaitVisible(chromedp.CSS("form#sign-out")),
	)
	openSecurity(dashboard)
}

// addDomains types entries into the form and waits until the list has them.
func addDomains(dashboard *chromium.Page, text string) {
	dashboard.Do(
		chromedp.SendKeys(chromedp.CSS("form#add textarea[name=domains]"), text),
		chromedp.Click(chromedp.CSS("form#add button.primary")),
		chromedp.WaitVisible(chromedp.CSS("form#undo")), // beside "added …"
	)
}

func textOf(page *chromium.Page, selector string) string {
	return chromium.Eval[string](page, `document.querySelector("`+selector+`").innerText`)
}
