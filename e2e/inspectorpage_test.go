package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/axe"
	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// has reports whether the page shows a text in an element, or false where there is none.
func has(d *chromium.Page, selector, text string) bool {
	return chromium.Eval[bool](d, fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.innerText.includes(%q))`, selector, text))
}

// TestInspectorOfNothing: the page says how to make the first request, and shows it once
// it has come.
func TestInspectorOfNothing(t *testing.T) {
	gateway := binary.Serve(t, newAPI(t).URL)
	d := browser.Open(t, firstRunLink(gateway))
	setUp(d)
	d.Do(chromedp.Navigate(gateway.Dashboard+"/inspector"), chromedp.WaitVisible(chromedp.CSS("#nothing-yet")))
	holds(t, d, "#nothing-yet", "No request has come yet")
	holds(t, d, "#first-curl", gateway.URL[len("http://127.0.0.1"):])
	shoot(t, d, "11-inspector-empty")
	axe.Check(t, d, "the empty Inspector")
	response, err := http.Get(gateway.URL + "/discussions")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	d.Do(chromedp.WaitVisible(chromedp.CSS("#rows tr")))
	holds(t, d, "#rows", "/discussions")
	holds(t, d, "#rows", "No origin")
}

// TestInspectorIsLive: what a page does appears, a request takes the place of its
// preflight, and nothing moves while somebody reads or has paused.
func TestInspectorIsLive(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	o.awaitCall("", "{}", http.StatusOK)
	d.Do(o.open("/inspector"), chromedp.WaitVisible(chromedp.CSS(`#live[data-state="live"]`)))
	appears := func(path string) {
		t.Helper()
		o.gateway.Await(path+" in the list", func() bool { return has(d, "#rows tr", path) })
	}
	visit := func(path, options string) {
		call(o.partner, o.gateway.URL+"/discussions/"+path, options)
	}

	visit("first", `{method: "PATCH", headers: {"X-Trace": "1"}}`)
	appears("/discussions/first")
	o.gateway.Await("one row for the two of them", func() bool {
		return has(d, "#rows tr:first-child", "Asked first") && strings.Count(textOf(d, "#rows"), "/discussions/first") == 1
	})
	holds(t, d, "#rows tr:first-child", "x-trace")
	holds(t, d, "#rows tr:first-child", "Allowed")
	holds(t, d, "#rows tr:first-child", chromium.Eval[string](o.partner, "location.origin"))
	if said := chromium.Eval[string](d, `document.querySelector("#live-said").textContent`); !strings.Contains(said, "new request") {
		t.Errorf("nothing was said to whoever hears: %q", said)
	}

	// Whoever has the focus in a row is left alone.
	d.Do(chromedp.Focus(chromedp.CSS("#rows a")))
	visit("second", "{}")
	o.gateway.Await("the offer to show it", func() bool { return has(d, "#arrived", "Show 1 new") })
	if has(d, "#rows tr", "/discussions/second") {
		t.Error("a row came in between while somebody read")
	}
	d.Do(chromedp.Click(chromedp.CSS("#arrived")))
	appears("/discussions/second")
	chromium.Eval[chromedp.Void](d, `document.activeElement.blur()`)

	choose(d, "#pause", `#live[data-state="paused"]`)
	visit("third", "{}")
	o.gateway.Await("the server to know it", func() bool {
		return chromium.Eval[bool](d, `fetch("/inspector").then((page) => page.text()).then((text) => text.includes("/discussions/third"))`)
	})
	if has(d, "#rows tr", "/discussions/third") {
		t.Error("a row came in a pause")
	}
	d.Do(chromedp.Click(chromedp.CSS("#pause")))
	appears("/discussions/third")

	// The session is the view's, too.
	chromium.Eval[bool](d, `fetch("/sign-out", { method: "POST" }).then(() => true)`)
	o.gateway.Await("the view to end", func() bool { return has(d, "#live-text", "You are signed out") })
}

// TestInspectorExplains: the page of one exchange says what was asked, why, what was
// answered, and how to do without.
func TestInspectorExplains(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	secret := "an-access-token-of-the-api"
	o.awaitCall("?secret=in-the-query", `{method: "PATCH", headers: {"Authorization": "Bearer `+secret+`", "Content-Type": "application/json"}, body: "{}"}`, http.StatusOK)
	d.Do(o.open("/inspector?preflight=yes&path=/discussions&method=PATCH"), chromedp.WaitVisible(chromedp.CSS("#rows tr")))
	choose(d, "#rows .what", "#causes")
	holds(t, d, "#verdict", "Allowed")
	holds(t, d, "#verdict", "can read the answer")
	holds(t, d, "#causes", "authorization")
	holds(t, d, "#causes", "application/json")
	holds(t, d, "#advice", "client.js")
	holds(t, d, "#asked", "access-control-request-headers: authorization,content-type")
	holds(t, d, "#preflight-answer", "access-control-max-age: 7200")
	holds(t, d, "#answer", "access-control-allow-origin: "+chromium.Eval[string](o.partner, "location.origin"))
	if curl := valueOf(d, "#as-curl"); !strings.Contains(curl, "Bearer TOKEN") || !strings.Contains(curl, "?QUERY") {
		t.Errorf("as curl: %s", curl)
	}
	if page := chromium.Eval[string](d, "document.documentElement.outerHTML"); strings.Contains(page, secret) || strings.Contains(page, "in-the-query") {
		t.Error("the page tells a secret")
	}
	shoot(t, d, "13-inspector-one")
	axe.Check(t, d, "one exchange")

	// A stranger's: from the refusal to the form that would trust it, which changes nothing.
	stranger := newSite(t, "localhost")
	call(browser.Open(t, stranger.caller()), o.gateway.URL+"/discussions", "{}")
	d.Do(o.open("/inspector?outcome=refused&origin="+strings.TrimPrefix(stranger.Origin, "http://")), chromedp.WaitVisible(chromedp.CSS("#rows tr")))
	choose(d, "#rows .what", "#trust")
	holds(t, d, "#verdict", "No Trusted Domain matches")
	shoot(t, d, "14-inspector-refused")
	axe.Check(t, d, "a refused exchange")
	choose(d, "#trust", "form#add")
	if filled := valueOf(d, "#domains"); !strings.Contains(filled, stranger.Entry) {
		t.Errorf("the form is filled in with %q", filled)
	}
	if list := o.gateway.Run("domain", "list"); strings.Contains(list, stranger.Entry) {
		t.Error("following a link has trusted the page")
	}
}

// TestInspectorFilters: by an ordinary form, with and without JavaScript.
func TestInspectorFilters(t *testing.T) {
	t.Run("with JavaScript", func(t *testing.T) { filterExchanges(t) })
	t.Run("without JavaScript", func(t *testing.T) { filterExchanges(t, chromium.WithoutScripts()) })
}

func filterExchanges(t *testing.T, before ...chromedp.Action[chromedp.Void]) {
	o := newOffice(t)
	for _, path := range []string{"one", "two", "other/three"} {
		call(o.partner, o.gateway.URL+"/discussions/"+path, "{}")
	}
	o.dashboard.Do(before...)
	d := o.dashboard
	o.gateway.Await("the last of them", func() bool {
		d.Do(o.open("/inspector"), chromedp.WaitVisible(chromedp.CSS("#rows tr")))
		return has(d, "#rows", "/discussions/other/three")
	})
	d.Do(chromedp.Click(chromedp.CSS("#filters summary")), chromedp.WaitVisible(chromedp.CSS("#path")), fill("#path", "/discussions/o"))
	choose(d, "#narrow button.primary", "#clear")
	if !has(d, "#rows", "/discussions/one") || !has(d, "#rows", "/discussions/other") || has(d, "#rows", "/discussions/two") {
		t.Errorf("the filter shows\n%s", textOf(d, "#rows"))
	}
	choose(d, "#rows .what", "#verdict") // and back again, to the same
	choose(d, ".up a", "#clear")
	if path := valueOf(d, "#path"); path != "/discussions/o" {
		t.Errorf("the filter is %q now", path)
	}
	d.Do(fill("#path", script))
	choose(d, "#narrow button.primary", "#no-match, .nothing")
	if images := chromium.Eval[int](d, `document.querySelectorAll("img").length`); images != 0 {
		t.Errorf("markup that was typed made %d images", images)
	}
}

// TestInspectorWithoutScripts: the list is a list, with a link that loads it again.
func TestInspectorWithoutScripts(t *testing.T) {
	o := newOffice(t)
	d := o.dashboard
	o.awaitCall("", "{}", http.StatusOK)
	d.Do(chromium.WithoutScripts(), o.open("/inspector"), chromedp.WaitVisible(chromedp.CSS("#reload")))
	call(o.partner, o.gateway.URL+"/discussions/later", "{}")
	o.gateway.Await("the new one, after loading again", func() bool {
		follow(d, "#reload", "#rows tr")
		return has(d, "#rows tr", "/discussions/later")
	})
	for _, hidden := range []string{"#pause", "#arrived", "#live-state"} {
		if chromium.Eval[bool](d, fmt.Sprintf(`document.querySelector(%q).checkVisibility()`, hidden)) {
			t.Errorf("%s is shown, and does nothing", hidden)
		}
	}
}

// TestInspectorOfMany: at ten and at ten thousand exchanges, and while hundreds come in a
// second.
func TestInspectorOfMany(t *testing.T) {
	const many = 10_000
	o := newOffice(t)
	d := o.dashboard
	request(t, o.gateway.URL, 0, 10)
	look := func(name, address string) {
		t.Helper()
		start := time.Now()
		d.Do(o.open(address), chromedp.WaitVisible(chromedp.CSS("#rows tr")))
		t.Logf("%s was there after %v", name, time.Since(start).Round(time.Millisecond))
		size := chromium.Eval[int](d, `fetch(location).then((page) => page.text()).then((text) => new Blob([text]).size)`)
		if size > 60_000 {
			t.Errorf("%s has %d bytes", name, size)
		}
	}
	look("the Inspector of ten", "/inspector")
	axe.Check(t, d, "the Inspector of ten")
	d.Do(o.open("/inspector"), chromedp.WaitVisible(chromedp.CSS(`#live[data-state="live"]`)))

	request(t, o.gateway.URL, 10, many)
	o.gateway.Await("the last of them, live", func() bool { return has(d, "#rows tr", fmt.Sprintf("/discussions/%d", many-1)) })
	if rows := chromium.Eval[int](d, `document.querySelectorAll("#rows tr").length`); rows > 20 {
		t.Errorf("the list has grown to %d rows", rows)
	}
	last := chromium.Eval[string](d, `document.querySelector("#rows tr:last-child").innerText`)
	follow(d, "#older", "#rows tr")
	if behind := textOf(d, "#rows"); strings.Contains(behind, last) {
		t.Errorf("the page behind begins before the live one ends:\n%s", behind)
	}
	look("the Inspector of ten thousand", "/inspector")
	shoot(t, d, "12-inspector-many")
	axe.Check(t, d, "the Inspector of many")
	look("one of ten thousand", fmt.Sprintf("/inspector?path=/discussions/%d", many-4000))
	choose(d, `#rows tr:only-child .what`, "#verdict")
}

// request makes numbered requests, as many at once as browsers do, and waits for all.
func request(t *testing.T, gateway string, from, to int) {
	t.Helper()
	var wait sync.WaitGroup
	next := make(chan int)
	for range 6 {
		wait.Go(func() {
			for i := range next {
				response, err := http.Get(fmt.Sprintf("%s/discussions/%d", gateway, i))
				if err != nil {
					t.Error(err)
					continue
				}
				response.Body.Close()
			}
		})
	}
	for i := from; i < to; i++ {
		next <- i
	}
	close(next)
	wait.Wait()
}
