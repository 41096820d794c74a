package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// TestNavigation: what pages send without a script's fetch. Any page can make a
// visitor's browser send a form, so that never becomes a call with a token; a link
// is how people download things, so that does.
func TestNavigation(t *testing.T) {
	s := newScene(t, inChromium)
	url := s.tap.URL + "/discussions?access_token=" + apiToken
	open := func(t *testing.T, from site) *chromium.Page { return browser.Open(t, from.caller()) }

	t.Run("a form that looks like JSON is refused", func(t *testing.T) {
		page := open(t, s.trustedSite)
		chromium.Eval[chromedp.Void](page, fmt.Sprintf("submitForm(%q)", url))
		page.Do(chromedp.WaitVisible(chromedp.CSS("pre")))
		if text := page.Text(); !strings.Contains(text, `"code":"navigation"`) {
			t.Errorf("the visitor sees %s", text)
		}
	})
	t.Run("a form of an untrusted page is refused", func(t *testing.T) {
		page := open(t, s.untrustedSite)
		chromium.Eval[chromedp.Void](page, fmt.Sprintf("submitForm(%q)", url))
		page.Do(chromedp.WaitVisible(chromedp.CSS("pre")))
		if text := page.Text(); !strings.Contains(text, `"code":"origin-not-trusted"`) {
			t.Errorf("the visitor sees %s", text)
		}
	})
	t.Run("a beacon is refused", func(t *testing.T) {
		refused := func() int { return strings.Count(s.gateway.Printed(), "reason=navigation") }
		before := refused()
		chromium.Eval[bool](open(t, s.trustedSite), fmt.Sprintf("navigator.sendBeacon(%q, '{}')", url))
		s.gateway.Await("the beacon's refusal in the log", func() bool { return refused() > before })
	})
	if saw := s.api.saw(); len(saw) != 0 {
		t.Errorf("the API saw %+v", saw)
	}

	t.Run("a link is carried", func(t *testing.T) {
		page := open(t, s.trustedSite)
		chromium.Eval[chromedp.Void](page, fmt.Sprintf("void location.assign(%q)", url))
		page.Do(chromedp.WaitVisible(chromedp.CSS("pre")))
		saw := s.api.saw()
		if len(saw) != 1 || saw[0].Authorization != "Bearer "+apiToken || saw[0].Query != "" {
			t.Errorf("the API saw %+v", saw)
		}
	})
}
