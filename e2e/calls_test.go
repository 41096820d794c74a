package e2e

import (
	"cmp"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/crossgate"
	"github.com/crossgate/crossgate/e2e/internal/wire"
)

// An outcome is all that a script can see of what came of a call.
type outcome struct {
	Status     int               `json:"status"`
	StatusText string            `json:"statusText"`
	OK         bool              `json:"ok"`
	Type       string            `json:"type"`
	Redirected bool              `json:"redirected"`
	URL        string            `json:"url"`
	Headers    map[string]string `json:"headers"`
	Size       int               `json:"size"`
	Body       string            `json:"body"` // its SHA-256
	Threw      string            `json:"threw"`
}

// A made is what came of one call by one carrier.
type made struct {
	outcome outcome
	wire    []string // the methods of the requests on the wire
	carrier string   // of the last one
	landed  []landing
}

// A callScene is an echoing API behind a gateway that trusts one site, whose service
// worker carries calls.
type callScene struct {
	api     *echoAPI
	gateway *crossgate.Gateway
	tap     *wire.Tap
	site    site
}

func newCallScene(t *testing.T) *callScene {
	s := &callScene{api: newEchoAPI(t)}
	content := http.NewServeMux()
	content.Handle("GET /pages/", http.FileServerFS(pages))
	content.HandleFunc("GET /arrived/", s.api.awaits)
	content.HandleFunc("GET /worker.js", s.worker)
	s.site = serveSite(t, "localhost", content)
	s.gateway = binary.Serve(t, s.api.URL)
	s.gateway.Trust(s.site.Origin, s.site.Entry)
	t.Cleanup(func() { keepsSecret(t, s.gateway, apiToken) })
	s.tap = wire.NewTap(t, s.gateway.URL)
	return s
}

// worker is the service worker that a site adds to its pages, which stay as they are.
func (s *callScene) worker(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript")
	fmt.Fprintf(w, "importScripts(%q); crossgateWorker({ base: %q, token: %q });",
		s.tap.URL+"/.crossgate/worker.js", s.tap.URL, apiToken)
}

// open opens the page that makes calls, with a carrier.
func (s *callScene) open(t *testing.T, in engine, carrier string) tab {
	page := in.open(t, s.site.Origin+"/pages/calls.html")
	eval[bool](t, page, fmt.Sprintf("use(%q, %q)", carrier, s.tap.URL))
	return page
}

// make makes a call to a path.
func (s *callScene) make(t *testing.T, page tab, call, path string) (m made) {
	before := len(s.tap.Methods(path))
	m.outcome = eval[outcome](t, page, fmt.Sprintf("make(%q, %q)", call, s.tap.URL+path))
	for _, request := range s.tap.Requests(path)[before:] {
		m.wire = append(m.wire, request.Method)
		m.carrier = carrierOf(request)
	}
	m.landed = s.api.saw(path)
	return m
}

// insteads are the calls that no browser makes as it should, and those that come to the
// same: over HTTP/1.1, which is what this gateway speaks, no browser sends a stream.
var insteads = map[string]string{"PUT of a stream": "PUT of bytes"}

// pastWorkers are the calls that a browser sends past every service worker.
var pastWorkers = map[string]string{"POST with keepalive": "Firefox"}

// TestCallsWithoutPreflight makes every kind of call in three ways: as scripts always
// did, by the client, and as scripts always did on a page with our service worker. What
// the page and the API see is the same; on the wire are two requests, one, and one.
func TestCallsWithoutPreflight(t *testing.T) {
	inEachEngine(t, func(t *testing.T, in engine) {
		s := newCallScene(t)
		plain, client, worker := s.open(t, in, "plain"), s.open(t, in, "client"), s.open(t, in, "worker")
		var table callTable
		for i, call := range eval[[]string](t, plain, "Object.keys(calls)") {
			t.Run(call, func(t *testing.T) {
				path, instead := fmt.Sprintf("/calls/%d", i), insteads[call]
				want, byClient, byWorker := s.make(t, plain, cmp.Or(instead, call), path), s.make(t, client, call, path), made{}
				holdsSame(t, "client", want, byClient)
				if instead == "" && pastWorkers[call] != in.name {
					byWorker = s.make(t, worker, call, path)
					holdsSame(t, "worker", want, byWorker)
				}
				table.add(call, want, byClient, byWorker)
			})
		}
		t.Logf("%s: requests on the wire\n%s", in.name, table.String())
	})
}

// A callTable is what a person reads.
type callTable struct {
	rows            strings.Builder
	calls, requests [3]int // of what was sent at all: by plain fetch, client and worker
}

func (c *callTable) add(call string, ways ...made) {
	fmt.Fprintf(&c.rows, "%-42s", call)
	for i, way := range ways {
		fmt.Fprintf(&c.rows, " %-14s", fmt.Sprint(len(way.wire), " ", way.carrier))
		if len(way.wire) > 0 {
			c.calls[i]++
			c.requests[i] += len(way.wire)
		}
	}
	c.rows.WriteString("\n")
}

func (c *callTable) String() string {
	mean := fmt.Sprintf("%-42s", "requests a call")
	for i := range c.calls {
		mean += fmt.Sprintf(" %-14s", fmt.Sprintf("%.2f", float64(c.requests[i])/float64(c.calls[i])))
	}
	return fmt.Sprintf("%-42s %-14s %-14s %s\n%s%s", "call", "fetch", "client", "worker", c.rows.String(), mean)
}

// carrierOf names the carrier of a request: "" for an ordinary one.
func carrierOf(request wire.Request) string {
	kind, params, _ := mime.ParseMediaType(request.Header.Get("Content-Type"))
	switch {
	case request.Header.Get("Authorization") != "":
		return ""
	case kind == "multipart/form-data" && strings.HasPrefix(params["boundary"], "crossgate"):
		return "multipart"
	case kind == "application/x-www-form-urlencoded":
		return "form"
	}
	return ""
}

func words(methods []string) string { return strings.Join(methods, " ") }

// cautions are the headers that an unwrapped request's answer has beside the API's own,
// because its token was not where caches and browsers look for one.
var cautions = []string{"cache-control", "referrer-policy", "x-content-type-options"}

// holdsSame checks that a call without preflight is to the page and to the API what it
// is with one.
func holdsSame(t *testing.T, carrier string, want, got made) {
	t.Helper()
	sent := 0
	if len(want.wire) > 0 {
		sent = 1
		if len(want.wire) != 2 || want.wire[0] != http.MethodOptions {
			t.Errorf("by plain fetch, on the wire were %v", want.wire)
		}
	}
	if len(got.wire) != sent || slices.Contains(got.wire, http.MethodOptions) {
		t.Errorf("%s: on the wire were %v, want %d without OPTIONS", carrier, got.wire, sent)
	}
	for _, name := range cautions {
		delete(got.outcome.Headers, name)
	}
	if slices.Equal(want.wire, []string{http.MethodOptions, http.MethodHead}) {
		// The answer to a POST can say no other length than its own.
		got.outcome.Headers["content-length"] = want.outcome.Headers["content-length"]
	}
	if !reflect.DeepEqual(got.outcome, want.outcome) {
		t.Errorf("%s: the page saw\n%+v, want\n%+v", carrier, got.outcome, want.outcome)
	}
	if len(got.landed) != len(want.landed) {
		t.Fatalf("%s: the API saw %d requests, want %d", carrier, len(got.landed), len(want.landed))
	}
	for i := range want.landed {
		if length := got.landed[i].Header.Get("Content-Length"); length != strconv.Itoa(len(got.landed[i].Body)) {
			t.Errorf("%s: the API was told of a body of %s bytes, and got %d", carrier, length, len(got.landed[i].Body))
		}
		if differences := differences(got.landed[i].comparable(), want.landed[i].comparable()); differences != "" {
			t.Errorf("%s: the API saw%s", carrier, differences)
		}
	}
}

// differences names what is not the same of two requests, and nothing else.
func differences(got, want landing) (all string) {
	differ := func(what, got, want string) {
		if got != want {
			all += fmt.Sprintf("\n%s %.500q, want %.500q", what, got, want)
		}
	}
	differ("the method", got.Method, want.Method)
	differ("the target", got.Target, want.Target)
	differ("the body", got.Body, want.Body)
	names := maps.Clone(got.Header)
	maps.Copy(names, want.Header)
	for name := range names {
		differ(name, fmt.Sprint(got.Header[name]), fmt.Sprint(want.Header[name]))
	}
	return all
}

var boundaries = regexp.MustCompile(`(?m)boundary=\S+|^--(?:--+WebKitFormBoundary|--+geckoformboundary|-+)\w+`)

// comparable leaves out what is never the same twice, and what browsers add by
// themselves: to requests with a condition that they see, and to none of a worker's.
func (l landing) comparable() landing {
	l.Header = maps.Clone(l.Header)
	if l.Header.Get("If-Match") != "" || l.Header.Get("If-None-Match") != "" {
		l.Header.Del("Cache-Control")
		l.Header.Del("Pragma")
	}
	for _, name := range []string{"Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform"} {
		l.Header.Del(name)
	}
	if strings.HasPrefix(l.Header.Get("Content-Type"), "multipart/") {
		l.Header.Set("Content-Type", boundaries.ReplaceAllString(l.Header.Get("Content-Type"), "boundary"))
		l.Body = boundaries.ReplaceAllString(l.Body, "--boundary")
		l.Header.Del("Content-Length") // the boundary has no length of its own
	}
	return l
}
