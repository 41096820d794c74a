package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestImportPage brings a map of nginx along, and takes the import back.
func TestImportPage(t *testing.T) {
	o := newOffice(t)
	d, site := o.dashboard, newSite(t, "localhost")
	page := browser.Open(t, site.caller())
	works := func() bool { return call(page, o.gateway.URL+"/discussions", "{}").Status == http.StatusOK }
	if works() {
		t.Fatal("the page works before its domain is imported")
	}

	d.Do(o.open("/settings/security/transfer"), fill("#list", script+unreadable))
	choose(d, "#import button.primary", "#mistakes, #list-error, #save-import")

	list := "map $http_origin $cors {\n  default \"\";\n  \"" + site.Origin + "\" $http_origin;\n  \"https://shop.example\" $http_origin;\n}\n"
	d.Do(o.open("/settings/security/transfer"), fill("#list", list))
	choose(d, "#import button.primary", "#save-import")
	holds(t, d, "#save-import", "shop.example")
	if works() {
		t.Fatal("the page works before the import is saved")
	}
	choose(d, "#save-import button.primary", "form#undo")
	await(t, o.gateway, "the imported page to work", works)

	d.Do(chromedp.Click(chromedp.CSS("form#undo button")))
	await(t, o.gateway, "the import to be undone", func() bool { return !works() })
}
