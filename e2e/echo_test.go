package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A landing is everything that the API got to see of one request.
type landing struct {
	Method, Target string
	Header         http.Header
	Body           string
}

// An echoAPI is an API that knows nothing of CORS, answers every method, and remembers
// what it saw of each path.
type echoAPI struct {
	URL string

	mu       sync.Mutex
	landings map[string][]landing
	arrived  map[string]chan struct{} // closed once something has come to a path
}

func newEchoAPI(t *testing.T) *echoAPI {
	api := &echoAPI{landings: map[string][]landing{}, arrived: map[string]chan struct{}{}}
	server := httptest.NewServer(http.HandlerFunc(api.serve))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	api.URL = server.URL
	return api
}

// saw returns what came to a path, and forgets it.
func (a *echoAPI) saw(path string) []landing {
	a.mu.Lock()
	defer a.mu.Unlock()
	landings := a.landings[path]
	delete(a.landings, path)
	delete(a.arrived, path)
	return landings
}

// count returns how many requests have come to a path, and not been asked for.
func (a *echoAPI) count(path string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.landings[path])
}

// awaits answers once something has come to the path behind its own: "/arrived/x" once
// something has come to "/x".
func (a *echoAPI) awaits(w http.ResponseWriter, r *http.Request) {
	select {
	case <-a.arrival(strings.TrimPrefix(r.URL.Path, "/arrived")):
	case <-r.Context().Done():
	}
}

func (a *echoAPI) arrival(path string) chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.arrived[path] == nil {
		a.arrived[path] = make(chan struct{})
	}
	return a.arrived[path]
}

func (a *echoAPI) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	header := r.Header.Clone()
	header.Set("Content-Length", strconv.FormatInt(r.ContentLength, 10)) // Go keeps it elsewhere
	arrived := a.arrival(r.URL.Path)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.landings[r.URL.Path] = append(a.landings[r.URL.Path], landing{r.Method, r.RequestURI, header, string(body)})
	if len(a.landings[r.URL.Path]) == 1 {
		close(arrived)
	}
}

// serve answers as the query says: with a status, or by hanging until the page gives up,
// before the answer (1) or within it (2).
func (a *echoAPI) serve(w http.ResponseWriter, r *http.Request) {
	a.note(r)
	query := r.URL.Query()
	if query.Get("hang") == "1" {
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"etag-7"`)
	w.Header().Set("X-Total", "7")
	if r.Header.Get("If-None-Match") == `"etag-7"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if status, err := strconv.Atoi(query.Get("status")); err == nil {
		w.WriteHeader(status)
		if status == http.StatusNoContent {
			return
		}
	}
	io.WriteString(w, `{"method":"`+r.Method+`"}`)
	if query.Get("hang") == "2" {
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}
