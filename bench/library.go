package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"time"
)

// quantum is about how much CPU time one figure of the library is made of.
const quantum = 30 * time.Millisecond

// A question is one kind of request to the library, at one length of the list.
type question struct {
	name    string
	entries int
	request *http.Request
}

// askedHeaders are what the preflights ask for, as a browser writes them: lower case, sorted.
var askedHeaders = []string{"authorization", "content-type", "if-match", "x-request-id", "x-requested-with"}

// lengthOfHeaderList is that of the hostile preflight.
const lengthOfHeaderList = 100 << 10

func questions() []question {
	asked := strings.Join(askedHeaders, ",")
	hostile := strings.Repeat("x,", lengthOfHeaderList/len("x,"))
	var all []question
	for _, entries := range []int{10, 100_000} {
		last := "https://" + domain(entries-1)
		all = append(
			all,
			question{"allowed GET", entries, pageRequest(http.MethodGet, last, "")},
			question{"refused GET (403; the others answer 200 without CORS headers)", entries, pageRequest(http.MethodGet, untrusted, "")},
			question{"preflight, 5 headers", entries, pageRequest(http.MethodOptions, last, asked)},
			question{"preflight, 100 KB of header names", entries, pageRequest(http.MethodOptions, last, hostile)},
		)
	}
	return all
}

// domain is the Trusted Domain with a number.
func domain(number int) string { return fmt.Sprintf("app-%d.example.com", number) }

func domains(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = domain(i)
	}
	return list
}

func pageRequest(method, origin, headers string) *http.Request {
	request := httptest.NewRequest(method, "https://api.example.com/api/v2/discussions/7", nil)
	request.Header.Set("Origin", origin)
	if method == http.MethodOptions {
		request.Header.Set("Access-Control-Request-Method", http.MethodPut)
		request.Header.Set("Access-Control-Request-Headers", headers)
	}
	return request
}

// compareLibraries prints what each library costs per request: CPU time, allocations,
// and the ratio to ours. The page is that of the list's last entry, which libraries
// that search the list from its start find last.
func compareLibraries(out io.Writer, o options) error {
	table := newTable("library: CPU ns / allocations per request (ratio to crossgate)", namesOfLibraries()...)
	built := map[int][]http.Handler{}
	for _, q := range questions() {
		if !o.only.MatchString(q.name) {
			continue
		}
		if built[q.entries] == nil {
			handlers, err := buildLibraries(domains(q.entries))
			if err != nil {
				return err
			}
			built[q.entries] = handlers
		}
		measured := measureInTurn(built[q.entries], q.request, o.rounds)
		table.add(fmt.Sprintf("%s, %d entries", q.name, q.entries), libraryRow(measured)...)
	}
	return table.write(out)
}

// A figure is what one request costs: CPU time and allocations.
type figure struct{ ns, allocations float64 }

// measureInTurn measures all handlers once a round, and takes each one's medians.
func measureInTurn(handlers []http.Handler, request *http.Request, rounds int) []figure {
	repeats := make([]int, len(handlers))
	for i, h := range handlers {
		repeats[i] = repeatsFor(h, request)
	}
	ns, allocations := make([][]float64, len(handlers)), make([][]float64, len(handlers))
	for range rounds {
		for i, h := range handlers {
			f := measure(h, request, repeats[i])
			ns[i], allocations[i] = append(ns[i], f.ns), append(allocations[i], f.allocations)
		}
	}
	medians := make([]figure, len(handlers))
	for i := range handlers {
		medians[i] = figure{median(ns[i]), median(allocations[i])}
	}
	return medians
}

// repeatsFor finds how many requests make a figure long enough to be measured.
func repeatsFor(h http.Handler, request *http.Request) int {
	for n := 1; ; n *= 4 {
		if took := time.Duration(measure(h, request, n).ns * float64(n)); took > quantum/4 {
			return max(n, n*int(quantum/took))
		}
	}
}

// measure serves a request n times. Its header is the one thing that is the same
// each time: handlers may not change it, and the response's is emptied.
func measure(h http.Handler, request *http.Request, n int) figure {
	w := &discardWriter{header: http.Header{}}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := ownCPU()
	for range n {
		clear(w.header)
		h.ServeHTTP(w, request)
	}
	used := ownCPU() - start
	runtime.ReadMemStats(&after)
	return figure{
		ns:          float64(used) / float64(n),
		allocations: float64(after.Mallocs-before.Mallocs) / float64(n),
	}
}

// A discardWriter is a response that nobody reads.
type discardWriter struct{ header http.Header }

func (w *discardWriter) Header() http.Header         { return w.header }
func (w *discardWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *discardWriter) WriteHeader(int)             {}

// libraryRow writes each figure with its ratio to the first, which is ours.
func libraryRow(figures []figure) []string {
	ours := figures[0]
	row := make([]string, 0, len(figures))
	for _, f := range figures {
		row = append(row, fmt.Sprintf("%.0f / %.0f (%.2f)", f.ns, f.allocations, f.ns/ours.ns))
	}
	return slices.Clip(row)
}
