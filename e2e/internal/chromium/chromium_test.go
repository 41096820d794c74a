package chromium_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

func TestBrowser(t *testing.T) {
	browser, err := chromium.Start(chromium.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(browser.Stop)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `<title>t</title><p>before</p><script>document.querySelector("p").innerText = "after"</script>`)
	}))
	t.Cleanup(server.Close)

	t.Run("runs the page's scripts", func(t *testing.T) {
		if text := browser.Open(t, server.URL).Text(); !strings.Contains(text, "after") {
			t.Errorf("the page shows %q", text)
		}
	})
	t.Run("or leaves them out", func(t *testing.T) {
		if text := browser.Open(t, server.URL, chromium.WithoutScripts()).Text(); !strings.Contains(text, "before") {
			t.Errorf("the page shows %q", text)
		}
	})
	t.Run("waits for promises", func(t *testing.T) {
		if got := chromium.Eval[int](browser.Open(t, server.URL), "Promise.resolve(1)"); got != 1 {
			t.Errorf("got %d", got)
		}
	})
	t.Run("reaches no other machine", func(t *testing.T) {
		const outside = `fetch("https://example.com/").then(() => "reached", () => "not reached")`
		if got := chromium.Eval[string](browser.Open(t, server.URL), outside); got != "not reached" {
			t.Error(got)
		}
	})
}
