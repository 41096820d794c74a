package e2e

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// describe says what a request is, for a person who reads why a test failed.
func describe(r preflight.Request) string {
	text, err := json.Marshal(r)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// What trials are made of: the edges of every rule.
var (
	trialMethods = []string{
		"GET", "get", "gEt", "HEAD", "head", "POST", "post", "PoSt", "PUT", "put", "DELETE", "delete", "OPTIONS", "options",
		"PATCH", "patch", "Patch", "QUERY", "query", "PROPFIND", "M-SEARCH", "a!#$%&'*+-.^_`|~9",
		"CONNECT", "connect", "TRACE", "Trace", "TRACK", "track", " GET", "G ET", "GET\n", "G\u00c9T", "a/b", "a:b",
	}
	trialBodies = []preflight.Body{
		"none", "string", "form", "multipart", "buffer", "stream", "blob:", "blob:text/plain", "blob:application/json",
		"blob:image/png", "blob:TEXT/PLAIN;charset=utf-8", "blob:multipart/form-data", "blob:not a type",
	}
	trialHeaders = listed([][2]string{
		{"Accept", "application/json"},
		{"accept", "*/*"},
		{"ACCEPT", ""},
		{"Accept", `a"b`},
		{"Accept", "a(b"},
		{"Accept", "a\x7fb"},
		{"Accept", "a\tb"},
		{"Accept", "a\x01b"},
		{"Accept", "\u00e9"},
		{"Accept", "a;q=0.5, b"},
		{"Accept", "a@b"},
		{"Accept", "{}"},
		{"Accept", long(128)},
		{"Accept", long(129)},
		{"Accept", " " + long(128) + "\t"},
		{"Accept", "\u65e5"},
		{"Accept-Language", "en-US,en;q=0.9, *"},
		{"Accept-Language", "en_US"},
		{"Accept-Language", "e\tn"},
		{"Accept-Language", "\u00e9"},
		{"Accept-Language", long(128)},
		{"Accept-Language", long(129)},
		{"accept-language", ""},
		{"Content-Language", "de"},
		{"Content-Language", "d\u00e9"},
		{"Content-Language", "a:b"},
		{"Content-Language", long(129)},
		{"Content-Type", "text/plain"},
		{"content-type", "TEXT/Plain"},
		{"Content-Type", "text/plain;charset=utf-8"},
		{"Content-Type", "text/plain; charset=UTF-16"},
		{"Content-Type", `text/plain;charset="utf-8"`},
		{"Content-Type", "text/plain;"},
		{"Content-Type", "text/plain;x"},
		{"Content-Type", "text/plain ; x=y"},
		{"Content-Type", "text/plain\t;x=y"},
		{"Content-Type", "text/plain;x=(y)"},
		{"Content-Type", "text/plain;x=\u00e9"},
		{"Content-Type", "text/plain, text/plain"},
		{"Content-Type", "text/plain, application/json"},
		{"Content-Type", " text/plain "},
		{"Content-Type", "text /plain"},
		{"Content-Type", "text/ plain"},
		{"Content-Type", "text"},
		{"Content-Type", "text/"},
		{"Content-Type", ""},
		{"Content-Type", ";"},
		{"Content-Type", "text/html"},
		{"Content-Type", "application/json"},
		{"Content-Type", "application/json; charset=utf-8"},
		{"Content-Type", "application/x-www-form-urlencoded"},
		{"Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"},
		{"Content-Type", "multipart/form-data; boundary=x"},
		{"Content-Type", "multipart/form-data"},
		{"Content-Type", "multipart/mixed"},
		{"Content-Type", "text/plain;x=" + long(128-13)},
		{"Content-Type", "text/plain;x=" + long(129-13)},
		{"Content-Type", "application/csp-report"},
		{"Content-Type", "application/reports+json"},
		{"Content-Type", "text/plain;charset=x;charset=y"},
		{"Range", "bytes=0-"},
		{"range", "bytes=0-10"},
		{"Range", "bytes=-5"},
		{"Range", "bytes=10-5"},
		{"Range", "bytes=5-5"},
		{"Range", "bytes=0-1,3-4"},
		{"Range", "Bytes=0-"},
		{"Range", "bytes =0-"},
		{"Range", "bytes= 0-"},
		{"Range", "bytes=0 -"},
		{"Range", "bytes=007-010"},
		{"Range", "bytes=99999999999999999999-"},
		{"Range", "bytes=0-99999999999999999999"},
		{"Range", "items=0-1"},
		{"Range", "bytes=a-"},
		{"Range", "bytes=0"},
		{"Range", ""},
		{"Range", " bytes=0- "},
		{"DPR", "2"},
		{"Downlink", "10"},
		{"Save-Data", "on"},
		{"Viewport-Width", "100"},
		{"Width", "100"},
		{"Device-Memory", "8"},
		{"RTT", "100"},
		{"ECT", "4g"},
		{"Save-Data", "odd"},
		{"Last-Event-ID", "7"},
		{"User-Agent", "another"},
		{"Upgrade-Insecure-Requests", "1"},
		{"X-Foo", "bar"},
		{"x-foo", ""},
		{"Authorization", "Bearer x"},
		{"If-Match", `"7"`},
		{"If-None-Match", `"7"`},
		{"If-Range", `"7"`},
		{"If-Modified-Since", "Sun, 22 Nov 2026 12:00:00 GMT"},
		{"Cache-Control", "no-cache"},
		{"Pragma", "no-cache"},
		{"Content-Encoding", "gzip"},
		{"Accept-Signature", "x"},
		{"Access-Control-Allow-Origin", "*"},
		{"Forwarded", "for=x"},
		{"X-Requested-With", "XMLHttpRequest"},
		{"Prefer", "return=minimal"},
		{"Idempotency-Key", "7"},
		{"Priority", "u=1"},
		{"Early-Data", "1"},
		{"a!#$%&'*+-.^_`|~9", "x"},
		{"Accept-Charset", "utf-8"},
		{"Accept-Encoding", "gzip"},
		{"Access-Control-Request-Headers", "x"},
		{"Access-Control-Request-Method", "x"},
		{"Access-Control-Request-Private-Network", "true"},
		{"Connection", "close"},
		{"Content-Length", "5"},
		{"Cookie", "a=b"},
		{"Cookie2", "a"},
		{"Date", "x"},
		{"DNT", "1"},
		{"Expect", "100-continue"},
		{"Host", "x"},
		{"Keep-Alive", "5"},
		{"Origin", "x"},
		{"Referer", "x"},
		{"Set-Cookie", "a=b"},
		{"TE", "trailers"},
		{"Trailer", "x"},
		{"Transfer-Encoding", "chunked"},
		{"Upgrade", "h2c"},
		{"Via", "x"},
		{"Proxy-Foo", "x"},
		{"proxy-", "x"},
		{"Sec-Foo", "x"},
		{"sec-", "x"},
		{"Sec", "x"},
		{"Proxy", "x"},
		{"Sec-Fetch-Mode", "cors"},
		{"X-HTTP-Method", "PUT"},
		{"X-HTTP-Method", "trace"},
		{"X-HTTP-Method-Override", "CONNECT"},
		{"X-Method-Override", "GET, TRACK"},
		{"X-HTTP-Method-Override", `"TRACE", GET`},
		{"X-Method-Override", "TRACER"},
		{"", "x"},
		{"a b", "x"},
		{"a:b", "x"},
		{"\u00e9", "x"},
		{"\u65e5", "x"},
		{"a\n", "x"},
		{"(a)", "x"},
		{"X-Foo ", "x"},
		{"X-Foo", "a\nb"},
		{"X-Foo", "a\rb"},
		{"X-Foo", "a\x00b"},
		{"X-Foo", "\n a \t"},
		{"X-Foo", "\u65e5"},
		{"X-Foo", "\u00ff\x7f\x01"},
		{"X-Long", long(5000)},
	})
)

func long(bytes int) string { return strings.Repeat("a", bytes) }

// trials returns every edge once, for each way to send it, and then combinations and
// strange values that a seed chooses: the same ones each time.
func trials() []preflight.Request {
	return slices.Concat(edgeTrials(), mixedTrials(200), strangeTrials(300))
}

func edgeTrials() (all []preflight.Request) {
	for _, method := range trialMethods {
		all = append(all, fetching(method, "none"), asking(method, "none"), fetching(method, "string"))
	}
	for _, body := range trialBodies {
		all = append(all, fetching("POST", body), fetching("PUT", body), uncors("POST", body))
		all = append(all, fetching("POST", body, preflight.Header{Name: "Content-Type", Value: "application/json"}))
		listening := asking("POST", body)
		listening.UploadListener = true
		all = append(all, asking("POST", body), listening, asking("GET", body))
		for _, contentType := range []string{"text/plain", "application/json;charset=latin1", "text/plain; x=y; charset=us-ascii"} {
			all = append(all, asking("POST", body, preflight.Header{Name: "Content-Type", Value: contentType}))
		}
	}
	for _, header := range trialHeaders {
		all = append(all, fetching("GET", "none", header), uncors("GET", "none", header), asking("GET", "none", header))
	}
	for _, method := range []string{"GET", "POST", "PUT", "patch"} {
		all = append(all, uncors(method, "none"))
	}
	return append(all, sumTrials()...)
}

// sumTrials are of several headers, where it counts that they are several.
func sumTrials() (all []preflight.Request) {
	repeat := func(times int, header [2]string) (headers [][2]string) {
		for range times {
			headers = append(headers, header)
		}
		return headers
	}
	full := [2]string{"Accept", long(128)}
	for _, pairs := range [][][2]string{
		repeat(2, [2]string{"Accept", long(63)}), repeat(2, [2]string{"Accept", long(64)}), repeat(2, full), repeat(8, full), repeat(9, full),
		repeat(3, [2]string{"Accept-Language", "en"}), repeat(2, [2]string{"Content-Type", "text/plain"}), repeat(2, [2]string{"Range", "bytes=0-"}),
		{{"X-B", "1"}, {"x-a", "2"}, {"X-b", "3"}, {"X-A-", "4"}, {"X-A!", "5"}},
		{{"Accept", long(128)}, {"Accept-Language", long(128)}, {"Content-Language", long(128)}, {"Content-Type", "text/plain;x=" + long(115)}, {"Range", "bytes=0-"}},
		{{"Accept", long(129)}, {"Accept-Language", "en"}, {"Content-Type", "application/json"}, {"If-Match", "*"}},
	} {
		headers := listed(pairs)
		all = append(all, fetching("GET", "none", headers...), asking("GET", "none", headers...), uncors("GET", "none", headers...))
	}
	return all
}

func listed(pairs [][2]string) (headers []preflight.Header) {
	for _, pair := range pairs {
		headers = append(headers, preflight.Header{Name: pair[0], Value: pair[1]})
	}
	return headers
}

// mixedTrials are combinations of the edges.
func mixedTrials(number int) (all []preflight.Request) {
	random := rand.New(rand.NewPCG(6454, 9110))
	for len(all) < number {
		made := fetching(pick(random, trialMethods), pick(random, trialBodies))
		for range random.IntN(4) {
			made.Headers = append(made.Headers, pick(random, trialHeaders))
		}
		switch random.IntN(5) {
		case 0:
			made.Mode = preflight.ModeNoCORS
		case 1, 2:
			made.API, made.UploadListener = preflight.XHR, random.IntN(2) == 0
		}
		all = append(all, made)
	}
	return all
}

// What strange values are made of.
var strangeParts = []string{
	"a", "A", "-", "_", "/", ";", "=", ",", "\"", "'", " ", "\t", "(", ")", ":", "<", "[", "{", "\\", "\x01", "\x7f", "\u0080", "\u00ff", "0", "9",
	"*", "@", "?", "+", "!", "#", "%", ".", "^", "`", "|", "~", "\r", "\n", "bytes", "text/plain", "multipart/form-data",
	"application/x-www-form-urlencoded", "charset", "utf-8", "latin1", "boundary", long(120),
}

// strangeTrials are of values that nobody would think of.
func strangeTrials(number int) (all []preflight.Request) {
	random := rand.New(rand.NewPCG(6750, 9457))
	strange := func(beginning string) string {
		for range random.IntN(9) {
			beginning += pick(random, strangeParts)
		}
		return beginning
	}
	for _, made := range mixedTrials(number) {
		made.Headers = listed([][2]string{
			{pick(random, safelistedNames), strange("")},
			{pick(random, []string{"X-A", "x-b", "DPR", "Save-Data", "X-Method-Override"}), strange("")},
			pick(random, [][2]string{{"Content-Type", strange("text/plain")}, {"content-type", strange("multipart/form-data;")}, {"Range", strange("bytes=0")}}),
		})[:1+random.IntN(3)]
		all = append(all, made)
	}
	return all
}

var safelistedNames = []string{"Accept", "accept-language", "Content-Language", "Content-Type", "Range"}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

func fetching(method string, body preflight.Body, headers ...preflight.Header) preflight.Request {
	return preflight.Request{API: preflight.Fetch, Method: method, Body: body, Headers: headers}
}

// uncors is of a request that the page may send, and not read.
func uncors(method string, body preflight.Body, headers ...preflight.Header) preflight.Request {
	return preflight.Request{API: preflight.Fetch, Mode: preflight.ModeNoCORS, Method: method, Body: body, Headers: headers}
}

func asking(method string, body preflight.Body, headers ...preflight.Header) preflight.Request {
	return preflight.Request{API: preflight.XHR, Method: method, Body: body, Headers: headers}
}
