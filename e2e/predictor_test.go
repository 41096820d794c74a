package e2e

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/wire"
	"github.com/crossgate/crossgate/preflight"
)

// An observation is what a browser made of a request.
type observation struct {
	Threw          string // the name of what was thrown before anything was sent
	Preflight      bool
	RequestMethod  string // of the preflight, as are the headers
	RequestHeaders string
	Method         string // of the request itself; "": it was not sent
	ContentType    string
}

// TestPredictor holds the predictions of the package preflight against what Chromium and
// Firefox really send: whether there is a preflight, what it asks for to the letter,
// what is thrown before anything is sent, and what the request itself then is.
func TestPredictor(t *testing.T) {
	engines := map[string]preflight.Engine{"Chromium": preflight.Chromium, "Firefox": preflight.Firefox}
	inEachEngine(t, func(t *testing.T, in engine) {
		requests, preflights, threw, quirks := trials(), 0, 0, 0
		for i, seen := range observe(t, in, requests) {
			want, err := preflight.PredictIn(engines[in.name], requests[i])
			if err != nil {
				t.Fatalf("%s: %v", describe(requests[i]), err)
			}
			if predicted := observationOf(want, seen); seen != predicted {
				t.Errorf("%s\ngives %+v\nwant  %+v", describe(requests[i]), seen, predicted)
			}
			standard, err := preflight.Predict(requests[i])
			if err != nil {
				t.Fatal(err)
			}
			declared := slices.ContainsFunc(standard.Engines, func(d preflight.Difference) bool { return d.Engine == engines[in.name] })
			if declared != differs(standard, want) {
				t.Errorf("%s\nis another request in %s: %t; declared: %t", describe(requests[i]), in.name, !declared, declared)
			}
			preflights, threw, quirks = preflights+one(seen.Preflight), threw+one(seen.Threw != ""), quirks+one(declared)
		}
		t.Logf("%s: %d requests, of which %d were preflighted and %d threw; %d not by the standard", in.name, len(requests), preflights, threw, quirks)
	})
}

// observationOf is what a prediction says that one will see. Over HTTP/1.1 no browser
// sends a stream: there the request itself says nothing.
func observationOf(p preflight.Prediction, seen observation) observation {
	want := observation{string(p.Throws), p.Preflight, p.RequestMethod, p.RequestHeaders, p.Method, essence(p.ContentType)}
	if seen.Method == "" && p.Throws == "" {
		want.Method, want.ContentType = "", ""
	}
	return want
}

func differs(standard, engine preflight.Prediction) bool {
	return standard.Preflight != engine.Preflight || standard.Throws != engine.Throws ||
		standard.RequestMethod != engine.RequestMethod || standard.RequestHeaders != engine.RequestHeaders
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// observe has a page make the requests, and says what came to the server.
func observe(t *testing.T, in engine, requests []preflight.Request) []observation {
	t.Helper()
	recorder, page := wire.NewRecorder(t), in.open(t, newSite(t, "localhost").Origin+"/pages/trials.html")
	list, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]observation, len(requests))
	for i, threw := range eval[[]string](t, page, fmt.Sprintf("attemptAll(%q, %s)", recorder.URL, list)) {
		seen[i] = observed(recorder.Heads(fmt.Sprintf("/%d", i)))
		seen[i].Threw = threw
	}
	return seen
}

// observed reads what came to one target.
func observed(heads []wire.Head) (seen observation) {
	for _, head := range heads {
		method, asked := head.Get("Access-Control-Request-Method")
		if head.Method == http.MethodOptions && asked {
			seen.Preflight, seen.RequestMethod = true, method
			seen.RequestHeaders, _ = head.Get("Access-Control-Request-Headers")
			continue
		}
		seen.Method = head.Method
		contentType, _ := head.Get("Content-Type")
		seen.ContentType = essence(text(contentType))
	}
	return seen
}

// text is bytes as scripts see them: each is the code point of the same number.
func text(bytes string) string {
	var text strings.Builder
	for i := range len(bytes) {
		text.WriteRune(rune(bytes[i]))
	}
	return text.String()
}

// essence leaves out the boundary, which is never the same twice.
func essence(contentType string) string {
	if kind, params, err := mime.ParseMediaType(contentType); err == nil && strings.HasPrefix(kind, "multipart/") && params["boundary"] != "x" {
		return kind
	}
	return strings.TrimRight(contentType, " ") // which nobody sees on the wire
}
