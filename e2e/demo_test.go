package e2e

import (
	"encoding/json"
	"fmt"
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
		page := browser.Open(t, facts.Page)
		console := page.Console()
		setDelay(page, 20)
		makeFive(page)
		turnSwitch(page)
		makeFive(page)
		for way, want := range map[string]string{"fetch": "5 preflights\n5 calls\n\t10\t", "client": "\n5 calls\n\t5\t"} {
			if sum := textOf(page, "[data-sum='"+way+"']"); !strings.Contains(sum, want) {
				t.Errorf("the sum of %s is\n%q\nwant %q", way, sum, want)
			}
		}
		for step, want := range map[string]string{
			"add": "POST · application/json", "read": "GET", "rename": `PATCH · If-Match "1" · application/json`,
			"attach": "PUT · application/octet-stream · 32 KiB, unchanged", "remove": "DELETE",
		} {
			if seen := textOf(page, "[data-step='"+step+"'] .seen"); seen != "Both times the API saw "+want {
				t.Errorf("%s: %q, want %q", step, seen, want)
			}
		}
		if gain := textOf(page, "#gain"); !strings.HasPrefix(gain, "5 requests and ") {
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

// setDelay moves the slider of the network's delay.
func setDelay(page *chromium.Page, milliseconds int) {
	chromium.Eval[bool](page, fmt.Sprintf(`(() => {
		const slider = document.querySelector("#delay");
		slider.value = %d;
		return slider.dispatchEvent(new Event("input", { bubbles: true }));
	})()`, milliseconds))
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
