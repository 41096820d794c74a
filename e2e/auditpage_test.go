package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// TestAuditPage: the log has what was done, as text and nothing but text.
func TestAuditPage(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	d.Do(o.open("/settings/tokens/new"), fill("#name", script))
	choose(d, "#create button.primary", "#secret")

	d.Do(o.open("/settings/audit"), chromedp.WaitVisible(chromedp.CSS("#audit-list")))
	holds(t, d, "#audit-list", script)
	d.Do(fill("#search-box", "alert(1)"))
	choose(d, "#filter button.primary", "#clear")
	holds(t, d, "#audit-list tbody tr:only-child", script)
	for _, export := range []string{"#export-csv", "#export-json"} {
		if file := download(d, export); strings.Count(file, "alert(1)") == 0 {
			t.Errorf("%s has no such record:\n%s", export, file)
		}
	}

	d.Do(fill("#search-box", script+unreadable))
	choose(d, "#filter button.primary", ".nothing")
	if images := chromium.Eval[int](d, `document.querySelectorAll("img").length`); images != 0 {
		t.Errorf("markup that was typed made %d images", images)
	}
}

// download returns the file that a link leads to.
func download(page *chromium.Page, link string) string {
	return chromium.Eval[string](page, fmt.Sprintf(`fetch(document.querySelector(%q).href).then((file) => file.text())`, link))
}
