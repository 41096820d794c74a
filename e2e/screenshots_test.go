package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// A view is one way to look at a page.
type view struct {
	name          string
	width, height int64
	scheme        string
}

var views = []view{
	{"light", 1280, 860, "light"},
	{"dark", 1280, 860, "dark"},
	{"phone", 390, 844, "light"},
	{"phone-dark", 390, 844, "dark"},
}

// TestScreenshots takes pictures for a person to look at, into the directory that
// E2E_SCREENSHOTS names. What a test can see, it holds: no page is wider than its
// window, and the browser complains of nothing.
func TestScreenshots(t *testing.T) {
	gateway := binary.Serve(t, newAPI(t).URL)
	link := firstRunLink(gateway)
	page := browser.Open(t, link)
	console := page.Console()
	shoot(t, page, "1-set-up")
	setUp(page)
	shoot(t, page, "2-security-empty")

	page.Do(chromedp.SendKeys(chromedp.CSS("form#add input[name=label]"), "Our own pages"))
	addDomains(page, "app.example.com, *.preview.example.com, bücher.example")
	gateway.Run("domain", "add", "localhost:3000", "--expires", "24h", "--label", "Work in progress")
	gateway.Run("domain", "add", "http://legacy.example.com", "--insecure", "--label", "Until the move")
	security := chromedp.Navigate(gateway.Dashboard + "/settings/security")
	page.Do(security)
	shoot(t, page, "3-security-list")

	page.Do(
		chromedp.SendKeys(chromedp.CSS("form#add textarea[name=domains]"), "shop.example.com\nexample.com/login\n*.co.uk"),
		chromedp.Click(chromedp.CSS("form#add button.primary")),
		chromedp.WaitVisible(chromedp.CSS("form#add [role=alert]")),
	)
	shoot(t, page, "4-security-refused")
	page.Do(security,
		chromedp.SendKeys(chromedp.CSS("form#tester input[name=origin]"), "https://www.app.example.com"),
		chromedp.Click(chromedp.CSS("form#tester button")),
		chromedp.WaitVisible(chromedp.CSS("#tester-result .verdict")),
	)
	shoot(t, page, "5-security-tester")
	signOut(page)
	shoot(t, page, "6-sign-in")

	if complaints := console.Complaints(); len(complaints) != 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
}

// shoot takes one picture of the whole page in every view.
func shoot(t *testing.T, page *chromium.Page, name string) {
	t.Helper()
	for _, v := range views {
		page.Do(chromedp.EmulateViewport(v.width, v.height), chromium.Prefers(v.scheme))
		if wide := chromium.Eval[int64](page, "document.documentElement.scrollWidth"); wide > v.width {
			t.Errorf("%s, %s: the page is %d wide in a window of %d", name, v.name, wide, v.width)
		}
		chromium.Eval[chromedp.Void](page, "scrollTo(0, 0)")
		save(t, name+"-"+v.name+".png", page.Picture())
	}
	page.Do(chromedp.ResetViewport(), chromium.Prefers(""))
}

// save writes a picture for a person, where one wants any.
func save(t *testing.T, name string, picture []byte) {
	t.Helper()
	dir := os.Getenv("E2E_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
