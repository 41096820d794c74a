package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/axe"
	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// TestSitesPages adds a site by clicking, gives somebody a role there who sees nothing
// else, and removes it, with JavaScript and without.
func TestSitesPages(t *testing.T) {
	t.Run("with JavaScript", func(t *testing.T) { visitSites(t, true) })
	t.Run("without JavaScript", func(t *testing.T) { visitSites(t, false) })
}

func visitSites(t *testing.T, scripts bool) {
	gateway := binary.Serve(t, newAPI(t).URL)
	var before []chromedp.Action[chromedp.Void]
	if !scripts {
		before = append(before, chromium.WithoutScripts())
	}
	d := browser.Open(t, firstRunLink(gateway), before...)
	console := d.Console()
	setUp(d)
	look := func(name string) {
		t.Helper()
		if scripts {
			axe.Check(t, d, name)
			shoot(t, d, "sites-"+name)
		}
	}
	open := func(path string) chromedp.Action[chromedp.Void] { return chromedp.Navigate(gateway.Dashboard + path) }

	d.Do(open("/settings/fleet"), chromedp.WaitVisible(chromedp.CSS("#add-site")))
	look("1-fleet")
	choose(d, "#add-site", "form#new-site #name")
	d.Do(fill("#name", "Billing & more"), fill("#addresses", "https://billing.example.com"), fill("#upstreams", "http://127.0.0.1:9"))
	choose(d, "form#new-site button.primary", "#name-error")
	look("2-add-refused")
	if got := valueOf(d, "#addresses"); got != "https://billing.example.com" {
		t.Errorf("what was typed is lost: %q", got)
	}
	d.Do(fill("#name", "billing"))
	choose(d, "form#new-site button.primary", ".site strong")
	holds(t, d, ".site", "billing")
	look("3-empty-site")
	d.Do(fill("form#add textarea", "app.example.com"))
	choose(d, "form#add button.primary", "form#undo")
	look("4-security")

	choose(d, `.side a[href="/sites/billing/settings/members"]`, "#invite #name")
	d.Do(fill("#invite #name", "grace@example.com"), fill("#invite-role", "editor"))
	choose(d, "#invite button.primary", "#invitation-link")
	link := textOf(d, "#invitation-link")
	look("5-invited")
	visitSiteAsMember(t, link, scripts)
	d.Do(open("/sites/billing/settings/members"), chromedp.WaitVisible(chromedp.CSS("#members-list")))
	look("6-members")

	choose(d, `.side a[href="/sites/billing/settings/site"]`, "form#site")
	look("7-settings")
	d.Do(fill("#addresses", "https://billing.example.com\nhttps://api.example.com/billing"))
	choose(d, "form#site button.primary", "#message .message")
	follow(d, "form#switch button", "form#switch")
	look("8-off")

	choose(d, ".site a", "#sites-list")
	look("9-list")
	gateway.Run("site", "add", "shop", "--public-url", "https://shop.example.com", "--upstream", "http://127.0.0.1:9")
	for page, name := range map[string]string{"/settings/people": "10-people", "/settings/people/accounts/grace@example.com": "11-person", "/settings/audit?sites=all": "12-audit", "/overview": "13-overview"} {
		d.Do(open("/sites/billing"+page), chromedp.WaitVisible(chromedp.CSS("h1")))
		look(name)
	}

	d.Do(open("/sites/billing/settings/site"))
	choose(d, "#remove-site", "form#remove")
	look("14-remove")
	d.Do(fill("#remove #name", "biling"))
	choose(d, "form#remove button.danger", "#name-error")
	d.Do(fill("#remove #name", "billing"))
	choose(d, "form#remove button.danger", "#sites-list")
	if text := d.Text(); strings.Contains(text, "billing") || !strings.Contains(text, "shop") {
		t.Errorf("after the removal:\n%s", text)
	}
	if complaints := console.Complaints(); scripts && len(complaints) != 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
}

// visitSiteAsMember accepts an invitation to one site, and looks around: every link leads
// to that site, or to the list of its own.
func visitSiteAsMember(t *testing.T, link string, scripts bool) {
	t.Helper()
	theirs := browser.Open(t, link)
	theirs.Do(fill("#accept #password", password))
	choose(theirs, "#accept button.primary", "#sites-list")
	choose(theirs, "#sites-list a.entry", "h1")
	theirs.Do(chromedp.WaitVisible(chromedp.CSS(".side nav")))
	links := chromium.Eval[[]string](theirs, `[...document.querySelectorAll(".side a")].map((a) => a.getAttribute("href"))`)
	for _, one := range links {
		if one != "/sites" && !strings.HasPrefix(one, "/sites/billing/") {
			t.Errorf("the navigation leads to %s", one)
		}
	}
	for _, hidden := range []string{"/sites/billing/settings/people", "/sites/billing/settings/fleet"} {
		if slices.Contains(links, hidden) {
			t.Errorf("the navigation leads to %s", hidden)
		}
	}
	if scripts {
		axe.Check(t, theirs, "as a member")
		shoot(t, theirs, "sites-15-as-a-member")
		theirs.Do(chromedp.EmulateViewport(640, 430)) // as at 200 %
		if wide := chromium.Eval[int64](theirs, "document.documentElement.scrollWidth"); wide > 640 {
			t.Errorf("at 200 %% the page is %d wide", wide)
		}
	}
}
