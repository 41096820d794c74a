package client

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/crossgate"
)

// A ticketed API has a stream of events that ends after one, and says of everything
// else by which address and as whom it was asked for.
func ticketedAPI(t *testing.T) string {
	var streams atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		subject := r.Header.Get("Crossgate-Subject")
		switch r.URL.Path {
		case "/events":
			n := streams.Add(1)
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprintf(w, "id: e%d\nevent: news\ndata: %d %s %s\n\n", n, n, r.URL.RawQuery, subject)
		case "/image":
			if subject == "" {
				http.Error(w, "who asks?", http.StatusForbidden)
				return
			}
			w.Header().Set("Content-Type", "image/svg+xml")
			io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" width="7" height="3"/>`)
		default:
			fmt.Fprintf(w, "%s %s", r.RequestURI, subject)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// serveGateway starts the gateway before an API, with a page's origin trusted, and
// returns its address and a token that it knows.
func serveGateway(t *testing.T, api, page string) (url, token string) {
	t.Helper()
	binary, err := crossgate.Build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	gateway := binary.Serve(t, api)
	var made struct{ Token string }
	if err := json.Unmarshal([]byte(gateway.Run("token", "create", "--name", "anna", "--json")), &made); err != nil {
		t.Fatal(err)
	}
	gateway.Run("domain", "add", page, "--insecure")
	gateway.Trust(page, "example.com") // which is another's: it waits until the list is read, and so the token is known
	return gateway.URL, made.Token
}

// TestTickets: addresses with a ticket lead to what they say, however they are written,
// and an EventSource goes on with new tickets when its own has died.
func TestTickets(t *testing.T) {
	var page, gateway, token string
	address := func(t *testing.T) string {
		page = servePages(t)
		gateway, token = serveGateway(t, ticketedAPI(t), page)
		return page + "/empty.html"
	}
	inBrowsers(t, address, func(t *testing.T, evaluate func(string, any)) {
		var loaded string
		evaluate(fmt.Sprintf(`import(%q + "/.crossgate/client.js").then(({ crossgate }) => {
			globalThis.api = crossgate({ base: %[1]q, token: %[2]q });
			return "loaded";
		})`, gateway, token), &loaded)

		for _, path := range []string{
			"/a", "/a?b=1&c=%20+;d", "/a%20b/%2F%c3%bc", "/a//b", "/a/?", "/ü?ö", "/a;b=1/c:d@e", "/%7Euser/'x'", "/a?b[]=1|2",
		} {
			var got string
			evaluate(fmt.Sprintf(`api.url(%q).then((url) => fetch(url)).then((answer) => answer.text())`, path), &got)
			var want string
			evaluate(fmt.Sprintf(`(({ pathname, search }) => pathname + search + " anna")(new URL(%q, %q))`, path, gateway), &want)
			if got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}

		// An image without crossorigin sends no Origin, and no Authorization.
		var width int
		evaluate(`api.url("/image").then(async (url) => {
			const image = Object.assign(new Image(), { src: url });
			await image.decode();
			return image.naturalWidth;
		})`, &width)
		if width != 7 {
			t.Errorf("the image is %d wide", width)
		}

		// An hour goes by with each event, and no time until the browser connects again.
		var heard []string
		evaluate(`new Promise((resolve) => {
			const now = Date.now, set = setTimeout, heard = [];
			let hours = 0;
			Date.now = () => now() + hours * 36e5;
			globalThis.setTimeout = (run) => set(run, 0);
			const source = new api.EventSource("/events?a=1", { lastEventIdParam: "since" });
			source.addEventListener("news", ({ data, lastEventId }) => {
				heard.push(lastEventId + " " + data);
				if (++hours == 3) source.close(), resolve(heard);
			});
		})`, &heard)
		want := "e1 1 a=1 anna, e2 2 a=1&since=e1 anna, e3 3 a=1&since=e2 anna"
		if got := strings.Join(heard, ", "); got != want {
			t.Errorf("heard %s, want %s", got, want)
		}
	})
}
