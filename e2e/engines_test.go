package e2e

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/firefox"
)

// A tab is an open page, in any browser.
type tab interface {
	// Evaluate returns, as JSON, what an expression gives or promises.
	Evaluate(expression string) json.RawMessage
	// Text returns the page's address and its visible text.
	Text() string
}

// An engine is a browser that tables run in.
type engine struct {
	name string
	open func(t testing.TB, url string) tab
}

var inChromium = engine{"Chromium", func(t testing.TB, url string) tab { return browser.Open(t, url) }}

// inEachEngine runs a test in Chromium and in Firefox.
func inEachEngine(t *testing.T, test func(t *testing.T, in engine)) {
	t.Run(inChromium.name, func(t *testing.T) { test(t, inChromium) })
	t.Run("Firefox", func(t *testing.T) {
		running, err := startFirefox()
		if err != nil {
			t.Fatal(err)
		}
		test(t, engine{"Firefox", func(t testing.TB, url string) tab { return running.Open(t, url) }})
	})
}

// fox is the one Firefox of all tests.
var fox struct {
	start   sync.Once
	browser *firefox.Browser
	err     error
}

// startFirefox starts Firefox when it is first asked for.
func startFirefox() (*firefox.Browser, error) {
	fox.start.Do(func() { fox.browser, fox.err = firefox.Start() })
	return fox.browser, fox.err
}

func stopFirefox() {
	if fox.browser != nil {
		fox.browser.Stop()
	}
}

// eval evaluates an expression in a tab, and reads what it gives.
func eval[T any](t testing.TB, page tab, expression string) (value T) {
	t.Helper()
	if err := json.Unmarshal(page.Evaluate(expression), &value); err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return value
}

var (
	_ tab = (*chromium.Page)(nil)
	_ tab = (*firefox.Page)(nil)
)
