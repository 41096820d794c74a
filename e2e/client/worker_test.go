package client

import (
	"net/url"
	"strings"
	"testing"
)

// TestWorker: a page that calls fetch by itself and has the service worker sends the
// same requests as without, each in one request that is not preflighted.
func TestWorker(t *testing.T) {
	var api *recorder
	address := func(t *testing.T) string {
		api = newRecorder(t)
		return servePages(t) + "/worker.html?api=" + url.QueryEscape(api.URL)
	}
	inBrowsers(t, address, func(t *testing.T, evaluate func(string, any)) {
		var outcomes map[string]struct{ Fetch, Token string }
		evaluate("outcomes", &outcomes)
		if len(outcomes) < 50 {
			t.Fatalf("%d calls", len(outcomes))
		}
		for name, ended := range outcomes {
			if neverSeen[name] {
				continue
			}
			t.Run(name, func(t *testing.T) {
				if ended.Token != ended.Fetch {
					t.Errorf("fetch ends as %q, with the worker as %q", ended.Fetch, ended.Token)
				}
				checkRequests(t, api, name, strings.HasPrefix(ended.Fetch, "200 "), "token")
			})
		}
		checkOthers(t, api)
	})
}

// neverSeen are the calls of which a service worker does not learn enough: Chromium hands
// it header values beyond ASCII as empty ones, and Firefox sends what is to be kept alive
// past it. The client's README says so.
var neverSeen = map[string]bool{"a header of Latin-1": true, "keepalive": true}

// checkOthers checks what the page has sent without fetch: who gets a token, and which.
func checkOthers(t *testing.T, api *recorder) {
	for name, want := range map[string]struct{ method, token string }{
		"xhr":     {"PUT", "own"}, // the page's own wins
		"image":   {"GET", ""},    // never: it has a destination
		"events":  {"GET", "tok"},
		"beacon":  {"POST", ""},
		"no-cors": {"POST", ""},
		"told":    {"PATCH", "told"},
	} {
		all := api.at("/other/" + name)
		if len(all) != 1 {
			t.Errorf("%s: %d requests: %+v", name, len(all), all)
			continue
		}
		if got := unwrap(t, all[0]); got.Method != want.method || got.Token != want.token || got.Header["Authorization"] != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if all := api.at("/other/basic"); len(all) > 0 {
		t.Errorf("an Authorization that cannot be carried was sent: %+v", all)
	}
}
