package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/crossgate/crossgate"
)

// compareUnwrapping prints what it costs the library to unwrap a request, relative to
// the ordinary one, before a handler that reads the body.
func compareUnwrapping(out io.Writer, o options) error {
	gate, err := crossgate.New(crossgate.Config{TrustedDomains: []string{trustedDomain}})
	if err != nil {
		return err
	}
	saw := message{}
	handler := gate.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		saw = seenBy(r)
	}))
	table := newTable("library: CPU ns / allocations per request, the body read", "without a preflight", "ordinary", "ratio")
	for _, c := range calls(opaqueToken) {
		if !o.only.MatchString(c.name) {
			continue
		}
		carried, ordinary := rewinding(handler, c.carried), rewinding(handler, c.ordinary)
		for _, h := range []*rewinder{carried, ordinary} {
			if h.ServeHTTP(&discardWriter{header: http.Header{}}, h.request); saw != c.apiSees {
				return fmt.Errorf("%s: the handler saw %+v and not %+v", c.name, saw, c.apiSees)
			}
		}
		ours, theirs := measureRewinders(carried, ordinary, o.rounds)
		table.add(c.name, fmt.Sprintf("%.0f / %.0f", ours.ns, ours.allocations),
			fmt.Sprintf("%.0f / %.0f", theirs.ns, theirs.allocations), fmt.Sprintf("%.2f", ours.ns/theirs.ns))
	}
	return table.write(out)
}

// seenBy reads a request as the API of a call does.
func seenBy(r *http.Request) message {
	length, _ := io.Copy(io.Discard, r.Body) // a body in memory, which can be read
	_, authorized := r.Header["Authorization"]
	return message{r.Method + " " + r.URL.RequestURI() + " HTTP/1.1", int(length), authorized}
}

// A rewinder serves one request over and over, its body from the start each time.
type rewinder struct {
	handler http.Handler
	request *http.Request
	body    *strings.Reader
	text    string
}

func rewinding(h http.Handler, s sent) *rewinder {
	body := strings.NewReader(s.body)
	r := httptest.NewRequest(s.method, "https://api.example.com"+s.path, body)
	r.Header.Set("Origin", trusted)
	r.Header.Set("Sec-Fetch-Mode", "cors")
	for line := range strings.SplitSeq(strings.TrimSuffix(s.fields, "\r\n"), "\r\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			r.Header.Set(name, value)
		}
	}
	return &rewinder{h, r, body, s.body}
}

// ServeHTTP serves the request, which the handler may not have changed.
func (h *rewinder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.body.Reset(h.text)
	h.handler.ServeHTTP(w, r)
}

// measureRewinders measures both once a round, and takes each one's medians.
func measureRewinders(a, b *rewinder, rounds int) (figure, figure) {
	pair := []*rewinder{a, b}
	repeats := []int{repeatsFor(a, a.request), repeatsFor(b, b.request)}
	var ns, allocations [2][]float64
	for range rounds {
		for i, h := range pair {
			f := measure(h, h.request, repeats[i])
			ns[i], allocations[i] = append(ns[i], f.ns), append(allocations[i], f.allocations)
		}
	}
	return figure{median(ns[0]), median(allocations[0])}, figure{median(ns[1]), median(allocations[1])}
}
