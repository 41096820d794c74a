package e2e

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/axe"
	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// TestOverviewOfNothing: a newcomer is told what to do first, and the way there is one
// click.
func TestOverviewOfNothing(t *testing.T) {
	gateway := binary.Serve(t, newAPI(t).URL)
	d := browser.Open(t, firstRunLink(gateway))
	setUp(d)
	overview := chromedp.Navigate(gateway.Dashboard + "/overview")
	d.Do(overview, chromedp.WaitVisible(chromedp.CSS("#example")))
	holds(t, d, "#main", "No request has come yet")
	shoot(t, d, "7-overview-empty")
	axe.Check(t, d, "the empty overview")
	d.Do(chromedp.Navigate(gateway.Dashboard + "/refused"))
	holds(t, d, "#inbox", "Nobody waits to be let in")
	axe.Check(t, d, "the empty inbox")
	d.Do(overview)
	choose(d, "#open-security", "form#add")
}

// TestOverviewOfTen: what pages have just done is drawn, said in a table, and reckoned
// up.
func TestOverviewOfTen(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	for range 5 {
		o.awaitCall("", `{headers: {"X-Requested-With": "XMLHttpRequest"}}`, http.StatusOK)
	}
	stranger := newSite(t, "localhost")
	for range 2 {
		call(browser.Open(t, stranger.caller()), o.gateway.URL+"/discussions", "{}")
	}
	o.gateway.Await("the refusals to be drawn", func() bool {
		d.Do(o.open("/overview"), chromedp.WaitVisible(chromedp.CSS("h1")))
		return chromium.Eval[bool](d, `document.querySelector("#chart-refused .total")?.innerText === "2"`)
	})
	holds(t, d, "#causes", "x-requested-with")
	holds(t, d, "#causes", "Drop X-Requested-With")
	holds(t, d, "#origins", "http://localhost")
	holds(t, d, "#reasons", "origin-not-trusted")
	holds(t, d, "#troubles", "1 refused origin waits")
	shoot(t, d, "8-overview-ten")
	axe.Check(t, d, "the overview of ten")

	d.Do(chromedp.Click(chromedp.CSS(".numbers summary")), chromedp.WaitVisible(chromedp.CSS("#numbers")))
	drawn := chromium.Eval[int](d, `[...document.querySelectorAll("#numbers td:nth-of-type(2)")].reduce((sum, cell) => sum + Number(cell.innerText), 0)`)
	if drawn != 2 {
		t.Errorf("the table says that %d were refused, want 2", drawn)
	}
	axe.Check(t, d, "the overview with its table")

	d.Do(fill("#rtt", "250"))
	follow(d, "#reckon button", "#saving")
	holds(t, d, "section.saving", "250 ms")
	choose(d, `.ranges a[href*="week"]`, `.ranges a[href*="week"][aria-current]`)
	holds(t, d, "section.saving", "250 ms")
}

// TestOverviewOfManyRequests: a week of traffic, written down by a process before this
// one.
func TestOverviewOfManyRequests(t *testing.T) {
	database := filepath.Join(t.TempDir(), "crossgate.db")
	remember(t, database)
	gateway := binary.Serve(t, newAPI(t).URL, "--database", database)
	d := browser.Open(t, firstRunLink(gateway))
	d.Do(
		chromedp.SendKeys(chromedp.CSS("form#setup input[name=name]"), account),
		chromedp.SendKeys(chromedp.CSS("form#setup input[name=password]"), password),
		chromedp.Click(chromedp.CSS("form#setup button")),
		chromedp.WaitVisible(chromedp.CSS("#chart-allowed")),
	)
	start := time.Now()
	d.Do(chromedp.Navigate(gateway.Dashboard+"/overview?range=week"), chromedp.WaitVisible(chromedp.CSS("#chart-allowed")))
	t.Logf("the overview of a week was there after %v", time.Since(start).Round(time.Millisecond))
	all := chromium.Eval[int](d, `[...document.querySelectorAll(".chart .total")].reduce((sum, total) => sum + Number(total.innerText.replaceAll(",", "")), 0)`)
	if all < 100_000 {
		t.Errorf("%d requests are drawn", all)
	}
	shoot(t, d, "9-overview-many")
	axe.Check(t, d, "the overview of many")
	d.Do(chromedp.Navigate(gateway.Dashboard + "/refused"))
	holds(t, d, "#inbox", "easily taken for app.example.com")
	shoot(t, d, "10-refused-many")
	axe.Check(t, d, "the inbox of many")
	choose(d, "#f1", "#add fieldset.confirm")
	shoot(t, d, "11-security-filled-in")
	axe.Check(t, d, "the form, filled in")
	choose(d, "#domains-list tr:last-child button[name=one]", "form#impact")
	holds(t, d, "#affected", "https://app.example.com")
	shoot(t, d, "12-security-dry-run")
	axe.Check(t, d, "the dry run")
}

// remember writes down a week of traffic: about 100,000 requests of a shop whose pages
// call by day.
func remember(t *testing.T, database string) {
	t.Helper()
	db, err := store.Open(t.Context(), database, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	service, err := control.New(control.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	who := control.Actor{Kind: "command-line", Name: "test"}
	if _, _, err := service.AddDomains(t.Context(), who, control.AddDomains{Text: []string{"app.example.com", "*.example.org"}}); err != nil {
		t.Fatal(err)
	}
	if err := service.RecordSightings(t.Context(), week(time.Now().UTC())); err != nil {
		t.Fatal(err)
	}
}

func week(now time.Time) (seen control.Sightings) {
	hour := now.Truncate(time.Hour)
	for i := range 7*24 - 1 {
		at := hour.Add(-time.Duration(i) * time.Hour)
		busy := int64([]int{1, 1, 1, 1, 2, 4, 8, 14, 20, 24, 26, 27, 25, 24, 26, 27, 26, 22, 17, 14, 12, 9, 5, 2}[at.Hour()])
		if day := at.Weekday(); day == time.Saturday || day == time.Sunday {
			busy = (busy + 1) / 2
		}
		count(&seen, time.Hour, at, busy*40)
		if i < 24 {
			for minute := range 60 {
				if at := at.Add(time.Duration(minute) * time.Minute); at.Before(now) {
					count(&seen, time.Minute, at, busy*40/60)
				}
			}
		}
	}
	for i, name := range []string{"app", "shop", "account", "help", "status", "blog"} {
		origin := "https://" + name + ".example.org"
		if name == "app" {
			origin = "https://app.example.com"
		}
		seen.Days = append(seen.Days, control.OriginDay{
			Day: now.Truncate(24 * time.Hour), Origin: origin, LetIn: true, Hits: int64(42_000 / (i*i + 1)), First: now.Add(-6 * time.Hour), Last: now.Add(-time.Minute),
		})
	}
	for i, origin := range []string{"https://app.examp1e.com", "https://www.app.example.com", "http://app.example.com", "null", "https://scraper.test", "https://partner.example.net:8443", "http://localhost:3000"} {
		seen.Refused = append(seen.Refused, control.RefusedOrigin{
			Origin: origin, Hits: int64(1900 / (i + 1)), First: now.Add(-3 * 24 * time.Hour), Last: now.Add(-time.Duration(i*i+2) * time.Minute),
			Reason: map[bool]string{true: "origin-null", false: "origin-not-trusted"}[origin == "null"], Paths: []string{"/discussions", "/categories/7"}[:1+i%2],
		})
	}
	return seen
}

func count(seen *control.Sightings, span time.Duration, at time.Time, n int64) {
	counts := map[string]int64{
		"allowed": n, "refused": n / 16, "preflights": n / 5, "preflights-refused": n / 80, "unwrapped": n / 3, "failed": n / 300,
	}
	if span == time.Hour {
		counts["reason:origin-not-trusted"], counts["reason:token-expired"], counts["reason:upstream-timeout"] = n/20, n/80, n/300
		counts["cause:authorization"], counts["cause:content-type"] = n/6, n/9
		counts["cause:x-requested-with"], counts["cause: PATCH"] = n/14, n/30
	}
	for name, hits := range counts {
		if hits > 0 {
			seen.Traffic = append(seen.Traffic, control.TrafficCount{Span: span, Start: at, Name: name, Hits: hits})
		}
	}
}

// TestRefusedInbox: from a stranger that was refused to a partner that works, by one
// click in the inbox; with and without JavaScript.
func TestRefusedInbox(t *testing.T) {
	t.Run("with JavaScript", func(t *testing.T) { visitInbox(t) })
	t.Run("without JavaScript", func(t *testing.T) { visitInbox(t, chromium.WithoutScripts()) })
}

func visitInbox(t *testing.T, before ...chromedp.Action[chromedp.Void]) {
	gateway := binary.Serve(t, newAPI(t).URL)
	d := browser.Open(t, firstRunLink(gateway), before...)
	setUp(d)
	partner, noise := newSite(t, "localhost"), newSite(t, "localhost")
	calling := browser.Open(t, partner.caller())
	works := func() bool { return call(calling, gateway.URL+"/discussions", "{}").Status == http.StatusOK }
	for range 3 {
		works()
	}
	call(browser.Open(t, noise.caller()), gateway.URL+"/discussions", "{}")
	open := chromedp.Navigate(gateway.Dashboard + "/refused")
	gateway.Await("both in the inbox", func() bool {
		d.Do(open, chromedp.WaitVisible(chromedp.CSS("#inbox")))
		return strings.Contains(textOf(d, "#inbox"), "2 origins")
	})
	holds(t, d, ".side .new", "2")
	holds(t, d, "#origin-1", partner.Origin) // the most frequent first
	holds(t, d, "#origin-1", "/discussions")

	// A link fills the form in and changes nothing.
	choose(d, "#f1", "form#add")
	if filled := valueOf(d, "#domains"); !strings.Contains(filled, partner.Entry) {
		t.Errorf("the form is filled in with %q", filled)
	}
	if works() {
		t.Error("following a link has trusted the page")
	}

	d.Do(open, chromedp.WaitVisible(chromedp.CSS("#g2")))
	choose(d, "#g2", "table#ignored")
	holds(t, d, "table#ignored", noise.Origin)
	d.Do(open, chromedp.WaitVisible(chromedp.CSS("#d1"))) // the message of the last change is gone
	choose(d, "#d1", "form#undo")
	holds(t, d, "#message", "Added")
	holds(t, d, "#inbox", "Nobody waits to be let in")
	gateway.Await("the page to work", works)

	d.Do(chromedp.Click(chromedp.CSS("form#undo button")), chromedp.WaitVisible(chromedp.CSS("#origin-1")))
	holds(t, d, "#origin-1", partner.Origin)
	gateway.Await("the page to be refused again", func() bool { return !works() })
	choose(d, "table#ignored button[name=origin]", "#origin-2")
	holds(t, d, "#inbox", noise.Origin)
}

// TestLookAlikeFromTheInbox: one button in the inbox is no way around the confirmation.
func TestLookAlikeFromTheInbox(t *testing.T) {
	o := newOffice(t)
	o.gateway.Run("domain", "add", "app.example.com")
	request, err := http.NewRequest(http.MethodGet, o.gateway.URL+"/discussions", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://app.examp1e.com")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	d := o.dashboard
	o.gateway.Await("it in the inbox", func() bool {
		d.Do(o.open("/refused"), chromedp.WaitVisible(chromedp.CSS("#inbox")))
		return strings.Contains(textOf(d, "#inbox"), "easily taken for app.example.com")
	})
	choose(d, "#t1", "#add fieldset.confirm")
	holds(t, d, "#add fieldset.confirm", "looks like app.example.com")
	if list := o.gateway.Run("domain", "list"); strings.Contains(list, "examp1e") {
		t.Errorf("it was trusted without a confirmation:\n%s", list)
	}
	d.Do(chromedp.Click(chromedp.CSS("#add input[name=confirm]")))
	choose(d, "#add button.primary", "form#undo")
	holds(t, d, "#message", "app.examp1e.com")
	if at := chromium.Eval[string](d, "location.pathname"); at != "/refused" {
		t.Errorf("it leads to %s", at)
	}
	fmt.Fprint(t.Output(), o.gateway.Run("domain", "list"))
}
