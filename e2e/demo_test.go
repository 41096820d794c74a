package e2e

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

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
		shoot(t, page, "7-demo")
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
