package e2e

import (
	"embed"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

//go:embed pages
var pages embed.FS

// An arrival is what the API got to see of one request.
type arrival struct {
	Method, Path, Query, ContentType, Authorization, Cookie, Body string
}

// A recordingAPI is an API that knows nothing of CORS, and remembers what it saw.
type recordingAPI struct {
	URL string

	mu       sync.Mutex
	arrivals []arrival
}

func newAPI(t *testing.T) *recordingAPI {
	api := &recordingAPI{}
	mux := http.NewServeMux()
	mux.HandleFunc("/discussions", api.discussions)
	mux.HandleFunc("/discussions/", api.discussions)
	mux.HandleFunc("GET /events", api.events)
	mux.HandleFunc("GET /socket", api.echo)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	api.URL = server.URL
	return api
}

// saw returns what has arrived since it was last asked.
func (a *recordingAPI) saw() []arrival {
	a.mu.Lock()
	defer a.mu.Unlock()
	arrivals := a.arrivals
	a.arrivals = nil
	return arrivals
}

func (a *recordingAPI) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.arrivals = append(a.arrivals, arrival{
		r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Content-Type"),
		r.Header.Get("Authorization"), r.Header.Get("Cookie"), string(body),
	})
}

func (a *recordingAPI) discussions(w http.ResponseWriter, r *http.Request) {
	a.note(r)
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"name":"Hello"}`)
}

func (a *recordingAPI) events(w http.ResponseWriter, r *http.Request) {
	a.note(r)
	w.Header().Set("Content-Type", "text/event-stream")
	io.WriteString(w, "data: first\n\n")
	http.NewResponseController(w).Flush()
	<-r.Context().Done() // the stream stays open, as streams do
}

func (a *recordingAPI) echo(w http.ResponseWriter, r *http.Request) {
	a.note(r)
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer socket.CloseNow()
	kind, word, err := socket.Read(r.Context())
	if err != nil {
		return
	}
	socket.Write(r.Context(), kind, []byte("echo "+string(word)))
	socket.Read(r.Context()) // until the page closes it
}

// A site serves pages on an origin of its own.
type site struct {
	Origin string // "http://localhost:41234"
	Entry  string // what a person types into the list: "localhost:41234"
}

// newSite starts a site under a host name that the browser knows as this machine.
// Each has a port, and so an origin, of its own.
func newSite(t *testing.T, host string) site {
	return serveSite(t, host, http.FileServerFS(pages))
}

func serveSite(t *testing.T, host string, content http.Handler) site {
	server := httptest.NewServer(content)
	t.Cleanup(server.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	entry := fmt.Sprintf("%s:%s", host, port)
	return site{Origin: "http://" + entry, Entry: entry}
}

// caller is the address of the page that calls APIs.
func (s site) caller() string { return s.Origin + "/pages/caller.html" }
