package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/crossgate"
	"github.com/crossgate/crossgate/e2e/internal/wire"
)

// apiToken is the API's own kind of token, which Crossgate carries as it is.
const apiToken = "va.sample-token.1"

// An answer is all that a page may learn of a response.
type answer struct {
	Status int    `json:"status"`
	Reason string `json:"reason"`
	Body   string `json:"body"`
	Threw  string `json:"threw"`
}

// call has a page fetch a URL.
func call(page tab, url, options string) (read answer) {
	if err := json.Unmarshal(page.Evaluate(fmt.Sprintf("call(%q, %s)", url, options)), &read); err != nil {
		read.Threw = err.Error()
	}
	return read
}

// A scene is an API behind a gateway that trusts one site, with every request to the
// gateway counted.
type scene struct {
	api     *recordingAPI
	gateway *crossgate.Gateway
	tap     *wire.Tap

	trustedSite, untrustedSite site
	trusted, untrusted         tab
}

func newScene(t *testing.T, in engine) scene {
	api := newAPI(t)
	s := scene{
		api:           api,
		gateway:       binary.Serve(t, api.URL),
		trustedSite:   newSite(t, "localhost"),
		untrustedSite: newSite(t, "localhost"),
	}
	t.Cleanup(func() { keepsSecret(t, s.gateway, apiToken) })
	s.gateway.Trust(s.trustedSite.Origin, s.trustedSite.Entry)
	s.tap = wire.NewTap(t, s.gateway.URL)
	s.trusted = in.open(t, s.trustedSite.caller())
	s.untrusted = in.open(t, s.untrustedSite.caller())
	return s
}

// keepsSecret checks that nothing that the gateway has printed or stored holds a secret.
func keepsSecret(t *testing.T, gateway *crossgate.Gateway, secret string) {
	t.Helper()
	for name, text := range gateway.Written() {
		if strings.Contains(text, secret) {
			t.Errorf("%s holds the token", name)
		}
	}
}

// TestRequestsOnTheWire is the seed's table of preflights, in a browser.
func TestRequestsOnTheWire(t *testing.T) { inEachEngine(t, requestsOnTheWire) }

func requestsOnTheWire(t *testing.T, in engine) {
	const post = `{"name":"Hello"}`
	bearer := "Bearer " + apiToken
	tests := map[string]struct {
		query, options string
		wire           []string
		api            arrival
	}{
		"GET with the token in the query is one request": {
			query: "?access_token=" + apiToken + "&page=2", options: `{}`,
			wire: []string{"GET"},
			api:  arrival{Method: "GET", Query: "page=2", Authorization: bearer},
		},
		"POST of text with the token in the query is one request, and JSON to the API": {
			query: "?access_token=" + apiToken, options: `{method: "POST", body: JSON.stringify({name: "Hello"})}`,
			wire: []string{"POST"},
			api:  arrival{Method: "POST", ContentType: "application/json", Authorization: bearer, Body: post},
		},
		"PATCH in a form is one request, and the API sees it as it should have been": {
			options: `{method: "POST", body: new URLSearchParams([["$httpMethod", "PATCH"], ["access_token", "` + apiToken + `"], ["$ct", "application/json"], ["$body", "{}"]])}`,
			wire:    []string{"POST"},
			api:     arrival{Method: "PATCH", ContentType: "application/json", Authorization: bearer, Body: "{}"},
		},
		"PUT in a multipart form is one request, and the API sees it as it should have been": {
			options: `{method: "POST", body: multipart([["$httpMethod", "PUT"], ["access_token", "` + apiToken + `"], ["$body", new Blob(["bytes"], {type: "image/png"})]])}`,
			wire:    []string{"POST"},
			api:     arrival{Method: "PUT", ContentType: "image/png", Authorization: bearer, Body: "bytes"},
		},
		"GET with Authorization is preflighted": {
			options: `{headers: {Authorization: "` + bearer + `"}}`,
			wire:    []string{"OPTIONS", "GET"},
			api:     arrival{Method: "GET", Authorization: bearer},
		},
		"POST of JSON is preflighted": {
			options: `{method: "POST", body: JSON.stringify({name: "Hello"}), headers: {"Content-Type": "application/json", Authorization: "` + bearer + `"}}`,
			wire:    []string{"OPTIONS", "POST"},
			api:     arrival{Method: "POST", ContentType: "application/json", Authorization: bearer, Body: post},
		},
		"PATCH is preflighted, whatever carries the token": {
			query: "?access_token=" + apiToken, options: `{method: "PATCH", body: "{}", headers: {"Content-Type": "application/json"}}`,
			wire: []string{"OPTIONS", "PATCH"},
			api:  arrival{Method: "PATCH", ContentType: "application/json", Authorization: bearer, Body: "{}"},
		},
		"a header of its own is preflighted": {
			query: "?access_token=" + apiToken, options: `{headers: {"X-Requested-With": "fetch"}}`,
			wire: []string{"OPTIONS", "GET"},
			api:  arrival{Method: "GET", Authorization: bearer},
		},
	}
	s := newScene(t, in)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before := len(s.tap.Methods("/discussions"))
			page := in.open(t, s.trustedSite.caller()) // one that remembers no preflight
			got := call(page, s.tap.URL+"/discussions"+test.query, test.options)
			if got.Status != 200 || got.Body != `{"name":"Hello"}` {
				t.Errorf("the page read %+v", got)
			}
			if methods := s.tap.Methods("/discussions")[before:]; !slices.Equal(methods, test.wire) {
				t.Errorf("on the wire were %v, want %v", methods, test.wire)
			}
			test.api.Path = "/discussions"
			if saw := s.api.saw(); !slices.Equal(saw, []arrival{test.api}) {
				t.Errorf("the API saw\n%+v, want\n%+v", saw, test.api)
			}
		})
	}
}

// TestUntrustedPageGetsNothing: whatever it sends, its page reads nothing, and the
// API never learns that it tried.
func TestUntrustedPageGetsNothing(t *testing.T) { inEachEngine(t, untrustedPageGetsNothing) }

func untrustedPageGetsNothing(t *testing.T, in engine) {
	s := newScene(t, in)
	url := s.tap.URL + "/discussions?access_token=" + apiToken
	for name, options := range map[string]string{
		"GET":                  `{}`,
		"POST of text":         `{method: "POST", body: "{}"}`,
		"POST of a form":       `{method: "POST", body: new URLSearchParams({name: "x"})}`,
		"POST of JSON":         `{method: "POST", body: "{}", headers: {"Content-Type": "application/json"}}`,
		"DELETE":               `{method: "DELETE"}`,
		"GET with credentials": `{credentials: "include"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := call(s.untrusted, url, options); got != (answer{Threw: "TypeError"}) {
				t.Errorf("the page read %+v", got)
			}
		})
	}
	t.Run("POST without reading", func(t *testing.T) {
		call(s.untrusted, url, `{method: "POST", mode: "no-cors", body: "{}"}`)
	})
	if saw := s.api.saw(); len(saw) != 0 {
		t.Errorf("the API saw %+v", saw)
	}
}

// TestPageReadsWhyItWasRefused: an error of the gateway's own is readable JSON with a
// code, in the body and beside it.
func TestPageReadsWhyItWasRefused(t *testing.T) { inEachEngine(t, pageReadsWhyItWasRefused) }

func pageReadsWhyItWasRefused(t *testing.T, in engine) {
	s := newScene(t, in)
	tests := map[string]struct {
		query, options, code string
		status               int
	}{
		"a token in two places": {
			query: "?access_token=" + apiToken, options: `{headers: {Authorization: "Bearer ` + apiToken + `"}}`,
			status: 400, code: "token-twice",
		},
		"a token of Crossgate's that it does not know": {
			query: "?access_token=cgt_unknown", options: `{}`,
			status: 401, code: "token-unknown",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(s.trusted, s.tap.URL+"/discussions"+test.query, test.options)
			var problem struct{ Code, Detail string }
			if err := json.Unmarshal([]byte(got.Body), &problem); err != nil {
				t.Fatalf("%+v: %v", got, err)
			}
			if got.Status != test.status || got.Reason != test.code || problem.Code != test.code {
				t.Errorf("the page read %+v, want %d %s", got, test.status, test.code)
			}
			if problem.Detail == "" || strings.Contains(got.Body, apiToken) {
				t.Errorf("the detail is %q", problem.Detail)
			}
		})
	}
	if saw := s.api.saw(); len(saw) != 0 {
		t.Errorf("the API saw %+v", saw)
	}
}

func TestStreams(t *testing.T) { inEachEngine(t, streams) }

func streams(t *testing.T, in engine) {
	s := newScene(t, in)
	socket := fmt.Sprintf("socket(%q, 'hello')", strings.Replace(s.tap.URL, "http:", "ws:", 1)+"/socket?access_token="+apiToken)
	events := fmt.Sprintf("firstEvent(%q)", s.tap.URL+"/events?access_token="+apiToken)
	tests := map[string]struct {
		page             tab
		expression, want string
		arrivals         int
	}{
		"a trusted page talks over a WebSocket":     {s.trusted, socket, "echo hello", 1},
		"an untrusted page opens no WebSocket":      {s.untrusted, socket, "refused", 0},
		"a trusted page listens to an event stream": {s.trusted, events, "first", 1},
		"an untrusted page hears nothing":           {s.untrusted, events, "refused", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := eval[string](t, test.page, test.expression); got != test.want {
				t.Errorf("the page got %q, want %q", got, test.want)
			}
			saw := s.api.saw()
			if len(saw) != test.arrivals {
				t.Errorf("the API saw %+v, want %d requests", saw, test.arrivals)
			}
			for _, one := range saw {
				if one.Authorization != "Bearer "+apiToken || one.Query != "" {
					t.Errorf("the API saw %+v", one)
				}
			}
		})
	}
}
