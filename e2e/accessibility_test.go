package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/axe"
	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// maxPage is how large a page of the dashboard may be, in bytes.
const maxPage = 60_000

// TestAccessibility has axe-core look at every page of the dashboard, in light and in
// dark: those before signing in, and then all that links lead to.
func TestAccessibility(t *testing.T) {
	gateway := binary.Serve(t, newAPI(t).URL)
	d := browser.Open(t, firstRunLink(gateway))
	console := d.Console()
	axe.Check(t, d, "set-up")
	setUp(d)
	axe.Check(t, d, "an empty list")
	gateway.Run("domain", "add", "app.example.com", "*.example.org", "--label", "Ours")
	gateway.Run("domain", "add", "http://localhost:3000", "--expires", "24h", "--insecure")
	gateway.Run("token", "create", "--name", "Partner", "--domain", "app.example.com")
	gateway.RunWith("correct horse battery staple\n", "user", "add", "grace", "--role", "viewer", "--password-stdin")
	visit(t, gateway.URL, stranger, 3)
	visit(t, gateway.URL, "https://app.example.com", 3)

	seen := crawl(t, d, gateway.Dashboard)
	t.Logf("%d pages: %s", len(seen), strings.Join(seen, " "))
	for _, must := range []string{"/overview", "/inspector", "/inspector/{id}", "/refused", "/settings/security", "/settings/tokens", "/settings/audit", "/settings/people"} {
		if !slices.Contains(seen, must) {
			t.Errorf("no link leads to %s", must)
		}
	}
	mistaken(t, d, gateway.Dashboard)
	signOut(d)
	axe.Check(t, d, "signing in")
	if complaints := console.Complaints(); len(complaints) != 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
}

// mistaken looks at forms that were not filled in well, and at what is not there.
func mistaken(t *testing.T, d *chromium.Page, dashboard string) {
	d.Do(chromedp.Navigate(dashboard+"/settings/security"), fill("#domains", "example.com/login\n*.co.uk"))
	choose(d, "form#add button.primary", "form#add [role=alert]")
	axe.Check(t, d, "a list that is refused")
	d.Do(chromedp.Navigate(dashboard+"/settings/security"), fill("form#tester input[name=origin]", "https://www.app.example.com"))
	choose(d, "form#tester button", "#tester-result .verdict")
	axe.Check(t, d, "the tester's answer")
	d.Do(chromedp.Navigate(dashboard + "/settings/nothing"))
	axe.Check(t, d, "what is not there")
}

// crawl looks at every page that links of the dashboard lead to, one of each kind, and
// returns their kinds.
func crawl(t *testing.T, d *chromium.Page, dashboard string) (seen []string) {
	t.Helper()
	for next := []string{"/overview"}; len(next) > 0; next = next[1:] {
		kind := kindOf(next[0])
		if slices.Contains(seen, kind) {
			continue
		}
		seen = append(seen, kind)
		d.Do(chromedp.Navigate(dashboard+next[0]), chromedp.WaitVisible(chromedp.CSS("h1")))
		look(t, d, next[0])
		next = append(next, chromium.Eval[[]string](d, `[...document.querySelectorAll("a[href^='/']:not([download])")].map((a) => a.getAttribute("href"))`)...)
	}
	return seen
}

// look holds what is held of every page.
func look(t *testing.T, d *chromium.Page, name string) {
	t.Helper()
	axe.Check(t, d, name)
	if size := sizeOf(d); size > maxPage {
		t.Errorf("%s has %d bytes", name, size)
	}
}

// sizeOf loads the page once more, and counts its bytes.
func sizeOf(d *chromium.Page) int {
	return chromium.Eval[int](d, `fetch(location).then((page) => page.arrayBuffer()).then((bytes) => bytes.byteLength)`)
}

var (
	ids   = regexp.MustCompile(`/(\d+|[0-9a-z]{10,})(/|$)`)
	files = regexp.MustCompile(`^/(static|api|metrics|healthz|readyz)(/|$)|/export$|\.(yaml|json|csv)$`)
)

// kindOf is a page's address with {id} for what is of one record, and without a query.
func kindOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || files.MatchString(u.Path) {
		return "/overview" // which was seen already
	}
	return ids.ReplaceAllString(u.Path, "/{id}$2")
}

// visit has a page of an origin call the gateway, so many times.
func visit(t *testing.T, gateway, origin string, times int) {
	t.Helper()
	for range times {
		send(t, gateway+"/discussions", origin)
	}
}

// send sends a GET as a page of an origin does.
func send(t *testing.T, target, origin string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", origin)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}
