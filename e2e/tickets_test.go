package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/crossgate/crossgate/e2e/internal/crossgate"
	"github.com/crossgate/crossgate/e2e/internal/wire"
)

// pixel is a PNG of one pixel.
var pixel, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

// A mediaAPI has what pages want without a fetch: pictures, downloads, event streams and
// WebSockets. Every event stream ends after one event, and asks to be opened again at once.
type mediaAPI struct{ *echoAPI }

func newMediaAPI(t *testing.T) mediaAPI {
	api := mediaAPI{&echoAPI{landings: map[string][]landing{}, arrived: map[string]chan struct{}{}}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /pictures/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Cache-Control", "no-store")
		w.Write(pixel)
	})
	mux.HandleFunc("GET /export", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="export.csv"`)
		io.WriteString(w, "a,b\n")
	})
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "retry: 1\n\nevent: odd\ndata: %s\n\nid: %d\ndata: again\n\n", r.Header.Get("Last-Event-ID"), api.count("/events"))
	})
	mux.HandleFunc("GET /socket", func(w http.ResponseWriter, r *http.Request) {
		socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer socket.CloseNow()
		if kind, word, err := socket.Read(r.Context()); err == nil {
			socket.Write(r.Context(), kind, []byte("echo "+string(word)))
			socket.Read(r.Context()) // until the page closes it
		}
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.note(r)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	api.URL = server.URL
	return api
}

// A ticketScene is such an API behind a gateway that trusts two sites, and a token of
// Crossgate's own.
type ticketScene struct {
	api           mediaAPI
	gateway       *crossgate.Gateway
	tap           *wire.Tap
	site, other   site
	tokenID, word string
}

func newTicketScene(t *testing.T) *ticketScene {
	s := &ticketScene{api: newMediaAPI(t)}
	content := http.NewServeMux()
	content.Handle("GET /pages/", http.FileServerFS(pages))
	content.HandleFunc("GET /arrived/", s.api.awaits)
	s.site, s.other = serveSite(t, "localhost", content), serveSite(t, "localhost", content)
	s.gateway = binary.Serve(t, s.api.URL)
	var made struct{ ID, Token string }
	if err := json.Unmarshal([]byte(s.gateway.Run("token", "create", "--name", "page", "--json")), &made); err != nil {
		t.Fatal(err)
	}
	s.tokenID, s.word = made.ID, made.Token
	s.gateway.Trust(s.site.Origin, s.site.Entry)
	s.gateway.Trust(s.other.Origin, s.other.Entry)
	s.tap = wire.NewTap(t, s.gateway.URL)
	t.Cleanup(func() { keepsSecret(t, s.gateway, s.word) })
	return s
}

// open opens a page of a site, with a client that has the token.
func (s *ticketScene) open(t *testing.T, in engine, from site) tab {
	page := in.open(t, from.Origin+"/pages/tickets.html")
	eval[bool](t, page, fmt.Sprintf("start(%q, %q)", s.tap.URL, s.word))
	return page
}

// landed checks what the API saw at a path: so many requests, each by the token and
// without a trace of it.
func (s *ticketScene) landed(t *testing.T, path string, number int) {
	t.Helper()
	all := s.api.saw(path)
	if len(all) != number {
		t.Errorf("the API saw %d requests to %s, want %d", len(all), path, number)
	}
	for _, one := range all {
		if one.Header.Get("Crossgate-Token") != s.tokenID || strings.Contains(fmt.Sprint(one), "cgk_") || strings.Contains(fmt.Sprint(one), s.word) {
			t.Errorf("the API saw %+v", one)
		}
	}
}

// TestTickets is what pages do where an address is all that they can give.
func TestTickets(t *testing.T) {
	inEachEngine(t, func(t *testing.T, in engine) {
		s := newTicketScene(t)
		page := s.open(t, in, s.site)
		picture := func(name, ticket string) string {
			return fmt.Sprintf("%q + await %s", s.tap.URL+"/pictures/"+name+"?access_token=", ticket)
		}
		tests := map[string]struct {
			expression, want string
			path             string
			landings         int
		}{
			"a WebSocket with a ticket for one": {fmt.Sprintf("socket(%q, {websocket: true})", s.tap.URL), "echo hello", "/socket", 1},
			"no WebSocket with any other":       {fmt.Sprintf("socket(%q, {})", s.tap.URL), "refused", "/socket", 0},
			"an image of the page's origin":     {`(async () => image(` + picture("1", "api.ticket()") + `, "anonymous"))()`, "1 readable", "/pictures/1", 1},
			"no image without an origin":        {`(async () => image(` + picture("2", "api.ticket()") + `, null))()`, "no image", "/pictures/2", 0},
			"an image by its own address":       {`(async () => image(await api.url("/pictures/3?size=2"), null))()`, "1 to be seen", "/pictures/3", 1},
			"no other image by that address": {
				`(async () => image((await api.url("/pictures/4")).replace("/4", "/5"), null))()`, "no image", "/pictures/5", 0,
			},
		}
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				if got := eval[string](t, page, test.expression); got != test.want {
					t.Errorf("the page got %q, want %q", got, test.want)
				}
				s.landed(t, test.path, test.landings)
			})
		}
		t.Run("a download", func(t *testing.T) {
			eval[bool](t, page, `(async () => download(await api.url("/export")))()`)
			eval[bool](t, page, `fetch("/arrived/export").then((response) => response.ok)`)
			s.landed(t, "/export", 1)
		})
		t.Run("no use to another page", func(t *testing.T) {
			ticket := eval[string](t, page, "api.ticket()")
			other := s.open(t, in, s.other)
			got := eval[string](t, other, fmt.Sprintf("reason(%q)", s.tap.URL+"/pictures/6?access_token="+ticket))
			if got != "403 token-not-for-origin" {
				t.Errorf("the page got %q", got)
			}
			s.landed(t, "/pictures/6", 0)
		})
		if counts := s.tap.Counts(); counts[http.MethodOptions] != 0 {
			t.Errorf("on the wire were %v", counts)
		}
	})
}

// TestEventSource: an event stream is opened again by the browser itself while its
// ticket lives, and by the client with a new one once it has died.
func TestEventSource(t *testing.T) {
	inEachEngine(t, func(t *testing.T, in engine) {
		s := newTicketScene(t)
		page := s.open(t, in, s.site)
		eval[bool](t, page, "soon()")
		eval[bool](t, page, `listen("/events?channel=7")`)
		eval[[]string](t, page, "hears(4)")
		tickets := func() int { return len(s.tap.Methods("/.crossgate/ticket")) }
		if asked := tickets(); asked != 1 {
			t.Errorf("while the first ticket lives, %d were asked for", asked)
		}
		eval[bool](t, page, "later(60)")
		heard := len(eval[[]string](t, page, "hears(4)"))
		eval[[]string](t, page, fmt.Sprintf("hears(%d)", heard+8))
		eval[bool](t, page, "(events.close(), true)")

		if asked := tickets(); asked != 2 {
			t.Errorf("after the death of the first ticket, %d were asked for", asked)
		}
		got := eval[[]string](t, page, "hears(4)")
		if got[0] != "odd " || !strings.HasPrefix(got[1], "again ") || got[2] != "odd "+strings.TrimPrefix(got[1], "again ") {
			t.Errorf("heard %q, want the last event's id to go with the browser's own reconnection", got[:4])
		}
		if counts := s.tap.Counts(); counts[http.MethodOptions] != 0 {
			t.Errorf("on the wire were %v", counts)
		}
	})
}
