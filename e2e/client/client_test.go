package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/firefox"
)

// sources is where the client is, with its tests.
const sources = "../../client"

// servePages serves pages of an origin of their own, that load the client as it is built.
func servePages(t testing.TB) string {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(filepath.Join(sources, "test", "browser"))))
	for _, name := range []string{"client.js", "worker.js"} {
		text, err := os.ReadFile(filepath.Join(sources, "dist", name))
		if err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			w.Write(text)
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// inBrowsers runs a test in each browser, with a page that is open at an address.
// evaluate evaluates an expression in the page, and reads what it resolves to.
func inBrowsers(t *testing.T, url func(t *testing.T) string, test func(t *testing.T, evaluate func(expression string, into any))) {
	t.Run("Chromium", func(t *testing.T) {
		browser, err := chromium.Start(chromium.Config{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(browser.Stop)
		page := browser.Open(t, url(t))
		test(t, func(expression string, into any) {
			t.Helper()
			decode(t, chromium.Eval[json.RawMessage](page, expression), into)
		})
	})
	t.Run("Firefox", func(t *testing.T) {
		browser, err := firefox.Start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(browser.Stop)
		page := browser.Open(t, url(t))
		test(t, func(expression string, into any) {
			t.Helper()
			decode(t, page.Evaluate(expression), into)
		})
	})
}

func decode(t *testing.T, text json.RawMessage, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// TestSameRequests: what arrives through the client, with a token and without, is what
// fetch sends, in one request that is not preflighted.
func TestSameRequests(t *testing.T) {
	checkCalls(t, "/run.html?api=", 50, 30)
}

// TestSameRandomRequests is the same about calls that are generated.
func TestSameRandomRequests(t *testing.T) {
	for seed := range 3 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			checkCalls(t, fmt.Sprintf("/run.html?seed=%d&api=", seed+1), 100, 50)
		})
	}
}

// checkCalls has a page make its calls, and compares what came of each. They must be so
// many, and fetch be preflighted so often.
func checkCalls(t *testing.T, page string, calls, preflighted int) {
	var api *recorder
	address := func(t *testing.T) string {
		api = newRecorder(t)
		return servePages(t) + page + url.QueryEscape(api.URL)
	}
	inBrowsers(t, address, func(t *testing.T, evaluate func(string, any)) {
		var outcomes map[string]struct{ Fetch, Token, Open string }
		evaluate("outcomes", &outcomes)
		if len(outcomes) < calls {
			t.Fatalf("%d calls", len(outcomes))
		}
		preflights := 0
		for name, ended := range outcomes {
			t.Run(name, func(t *testing.T) {
				if ended.Token != ended.Fetch || ended.Open != ended.Fetch {
					t.Errorf("fetch ends as %q, the client as %q, without a token as %q", ended.Fetch, ended.Token, ended.Open)
				}
				if strings.Contains(page, "seed") {
					name, _, _ = strings.Cut(name, " ")
				}
				preflights += checkRequests(t, api, name, strings.HasPrefix(ended.Fetch, "200 "), "token", "open")
			})
		}
		if preflights < preflighted {
			t.Errorf("fetch was preflighted %d times: the calls prove little", preflights)
		}
	})
}

// checkRequests compares what came of one call on its ways, and returns how
// often fetch was preflighted.
func checkRequests(t *testing.T, api *recorder, name string, sent bool, ways ...string) (preflights int) {
	t.Helper()
	var want *received
	for _, r := range api.at("/fetch/" + name) {
		if r.Method == http.MethodOptions {
			preflights++
		} else {
			want = &r
		}
	}
	if sent != (want != nil) {
		t.Fatalf("fetch has been answered: %v, and its request has come: %v", sent, want != nil)
	}
	for _, way := range ways {
		all := api.at("/" + way + "/" + name)
		if want == nil {
			if len(all) > 0 {
				t.Errorf("fetch sends nothing, and the client sends %+v", all)
			}
			continue
		}
		if len(all) != 1 {
			t.Errorf("%s: %d requests: %+v", way, len(all), all)
			continue
		}
		got := unwrap(t, all[0])
		if way == "token" && (!got.Wrapped || got.Token != "tok") || way == "open" && got.Token != "" {
			t.Errorf("%s: wrapped %v, with the token %q", way, got.Wrapped, got.Token)
		}
		if a, b := show(comparable(*want)), show(comparable(got)); a != b {
			t.Errorf("%s: fetch sends\n%s\nand the client\n%s", way, a, b)
		}
	}
	return preflights
}
