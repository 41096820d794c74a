package e2e

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/crossgate"
)

// demoFacts are what `crossgate demo --json` prints.
type demoFacts struct {
	API, Page, Dashboard, Account, Password string
	UntrustedPage                           string `json:"untrusted_page"`
}

func TestDemo(t *testing.T) {
	dir := t.TempDir()
	demo := binary.Start(t, dir, "demo", "--free-ports", "--json")
	facts := readFacts(demo)

	t.Run("shows one request or two", func(t *testing.T) {
		page := browser.Open(t, facts.Page)
		for button, want := range map[string]string{
			"read-query":  "1 request on the wire",
			"write-text":  "1 request on the wire",
			"read-header": "2 requests on the wire",
			"write-json":  "2 requests on the wire",
		} {
			if outcome := press(page, button); !strings.Contains(outcome, want) || !strings.Contains(outcome, "done") {
				t.Errorf("%s shows\n%s\nwant %q", button, outcome, want)
			}
		}
	})
	t.Run("makes the same calls without a preflight", func(t *testing.T) {
		inEachEngine(t, func(t *testing.T, in engine) { testFiveCalls(t, in.open(t, facts.Page)) })
	})
	t.Run("is used from the keyboard", func(t *testing.T) {
		page := browser.Open(t, facts.Page)
		console := page.Console()
		makeFive(page)
		turnSwitch(page)
		makeFive(page)
		if gain := textOf(page, "#gain"); !strings.HasPrefix(gain, "5 requests") {
			t.Errorf("the gain is %q", gain)
		}
		if complaints := console.Complaints(); len(complaints) != 0 {
			t.Errorf("the browser complains: %q", complaints)
		}
		shoot(t, page, "7-demo")
	})
	t.Run("does without the client where there is none", func(t *testing.T) {
		page := browser.Open(t, facts.UntrustedPage)
		turnSwitch(page)
		makeFive(page)
		if sentence := textOf(page, "#no-client"); !strings.Contains(sentence, "The client could not be loaded") {
			t.Errorf("the page says %q", sentence)
		}
		if chromium.Eval[bool](page, `document.querySelector("#without").checked`) {
			t.Error("the switch is still on")
		}
	})
	t.Run("lets a page in by its dashboard", func(t *testing.T) {
		page := browser.Open(t, facts.UntrustedPage)
		refused := press(page, "read-query")
		if !strings.Contains(refused, "Kept from this page") || !strings.Contains(refused, "The API saw nothing") {
			t.Errorf("an untrusted page shows\n%s", refused)
		}
		dashboard := browser.Open(t, facts.Dashboard)
		signInAs(dashboard, facts.Account, facts.Password)
		untrusted, _ := url.Parse(facts.UntrustedPage)
		addDomains(dashboard, untrusted.Host)
		demo.Await("the page to be let in", func() bool { return strings.Contains(press(page, "read-query"), "done") })
		turnSwitch(page)
		makeFive(page)
		if sum := textOf(page, "[data-sum='client']"); !strings.Contains(sum, "5 calls") {
			t.Errorf("the client's calls of a page that was let in: %q", sum)
		}
	})

	demo.Stop()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("the demo left %v behind (%v)", left, err)
	}
	for _, address := range []string{facts.API, facts.Page, facts.UntrustedPage, facts.Dashboard} {
		at, _ := url.Parse(address)
		if connection, err := net.Dial("tcp", at.Host); err == nil {
			connection.Close()
			t.Errorf("something still listens at %s", at.Host)
		}
	}
}

func readFacts(demo *crossgate.Process) (facts demoFacts) {
	demo.Await("the demo's addresses", func() bool { return json.Unmarshal([]byte(demo.Printed()), &facts) == nil })
	return facts
}

// press makes one of the sample page's calls, and returns the outcome that it shows.
func press(page *chromium.Page, call string) string {
	article := `[data-call="` + call + `"]`
	chromium.Eval[bool](page, `(document.querySelector('`+article+` .outcome').replaceChildren(), true)`)
	page.Do(
		chromedp.Click(chromedp.CSS(article+" button")),
		chromedp.WaitVisible(chromedp.CSS(article+" .outcome .count")),
	)
	return chromium.Eval[string](page, `document.querySelector('`+article+` .outcome').innerText`)
}

// testFiveCalls makes the five calls with plain fetch and through the client, at a small
// distance: ten requests and five, of which the API sees the same.
func testFiveCalls(t *testing.T, page tab) {
	eval[bool](t, page, `(async () => {
		const slider = document.querySelector("#delay");
		slider.value = 20;
		slider.dispatchEvent(new Event("input", { bubbles: true }));
		const make = document.querySelector("#make");
		for (const without of [false, true]) {
			document.querySelector("#without").checked = without;
			make.click();
			while (make.disabled) await new Promise((done) => setTimeout(done, 20));
		}
		return true;
	})()`)
	text := func(selector string) string {
		return eval[string](t, page, `Array.from(document.querySelectorAll("`+selector+`"), (e) => e.textContent).join(" + ")`)
	}
	for selector, want := range map[string]string{
		"[data-sum='fetch'] li":               "5 preflights + 5 calls",
		"[data-sum='client'] li":              "5 calls",
		"[data-sum] td:nth-child(3)":          "10 requests + 5 requests",
		"[data-way='fetch'] td:nth-child(3)":  strings.TrimSuffix(strings.Repeat("2 requests + ", 5), " + "),
		"[data-way='client'] td:nth-child(3)": strings.TrimSuffix(strings.Repeat("1 request + ", 5), " + "),
		"[data-step='add'] .seen":             "Both times the API saw POST · application/json",
		"[data-step='read'] .seen":            "Both times the API saw GET",
		"[data-step='rename'] .seen":          `Both times the API saw PATCH · If-Match "1" · application/json`,
		"[data-step='attach'] .seen":          "Both times the API saw PUT · application/octet-stream · 32 KiB, unchanged",
		"[data-step='remove'] .seen":          "Both times the API saw DELETE",
	} {
		if got := text(selector); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if gain := text("#gain"); !strings.HasPrefix(gain, "5 requests") {
		t.Errorf("the gain is %q", gain)
	}
}

// turnSwitch turns the switch "Without preflight" from the keyboard.
func turnSwitch(page *chromium.Page) {
	page.Do(chromedp.Focus(chromedp.CSS("#without")), chromedp.KeyEvent(" "))
}

// makeFive makes the five calls from the keyboard, and waits until they are done.
func makeFive(page *chromium.Page) {
	page.Do(
		chromedp.Focus(chromedp.CSS("#make")),
		chromedp.KeyEvent(kb.Enter),
		chromedp.WaitEnabled(chromedp.CSS("#make")),
	)
}
