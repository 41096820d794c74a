package preflight_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

// FuzzPredict: nothing panics, what is predicted is what UnsafeNames says of the
// headers, and that is what a naive restatement of the standard says.
func FuzzPredict(f *testing.F) {
	f.Add("PATCH", "Content-Type", "text/plain;charset=\"x\\\"", "Range", "bytes=0-18446744073709551616", "string", "cors", "xhr", true)
	f.Add("get", "Accept", "a(b", "accept", "é", "blob:a/b;c", "no-cors", "fetch", false)
	f.Add("POST", "X-HTTP-Method", "\"a, TRACE", "Accept-Language", "de_CH", "stream", "", "", false)
	f.Fuzz(func(t *testing.T, method, name, value, name2, value2, body, mode, api string, listens bool) {
		r := preflight.Request{
			Method: method, Headers: pairs(name, value, name2, value2), Body: preflight.Body(body),
			Mode: preflight.Mode(mode), API: preflight.API(api), UploadListener: listens,
		}
		p, err := preflight.Predict(r)
		if err != nil {
			return
		}
		told(t, p)
		for _, e := range preflight.Engines() {
			if q, err := preflight.PredictIn(e, r); err != nil {
				t.Fatal(err)
			} else {
				told(t, q)
			}
		}
		got := preflight.UnsafeNames(r.Headers)
		if want := naiveUnsafeNames(r.Headers); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", r.Headers, got, want)
		}
		r.Body, r.Mode, r.API = preflight.BodyNone, preflight.ModeCORS, preflight.Fetch
		if p, _ := preflight.Predict(r); p.Throws == "" && len(p.Dropped) == 0 && isLowASCII(name+value+name2+value2) {
			if p.RequestHeaders != strings.Join(got, ",") {
				t.Errorf("%+v: %q, and UnsafeNames says %q", r, p.RequestHeaders, got)
			}
		}
	})
}

func isLowASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// naiveUnsafeNames says again, word for word, what the standard says.
func naiveUnsafeNames(headers []preflight.Header) []string {
	unsafe, potentially, size := []string{}, []string{}, 0
	for _, h := range headers {
		name, value := naiveLower(h.Name), strings.Trim(h.Value, "\t\n\r ")
		if !naiveSafelisted(name, value) {
			unsafe = append(unsafe, name)
		} else {
			potentially = append(potentially, name)
			size += len(value)
		}
	}
	if size > 1024 {
		unsafe = append(unsafe, potentially...)
	}
	slices.Sort(unsafe)
	return slices.Compact(unsafe)
}

func naiveLower(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] += 32
		}
	}
	return string(b)
}

func naiveSafelisted(name, value string) bool {
	if len(value) > 128 {
		return false
	}
	unsafe := strings.ContainsAny(value, "\"():<>?@[\\]{}\x7f")
	for i := range len(value) {
		unsafe = unsafe || value[i] < 0x20 && value[i] != 9
	}
	switch name {
	case "accept":
		return !unsafe
	case "accept-language", "content-language":
		for i := range len(value) {
			if !strings.ContainsRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz *,-.;=", rune(value[i])) {
				return false
			}
		}
		return true
	case "content-type":
		essence := naiveEssence(value)
		return !unsafe && (essence == "application/x-www-form-urlencoded" || essence == "multipart/form-data" || essence == "text/plain")
	case "range":
		return naiveRange(value)
	}
	return false
}

// naiveEssence follows the MIME Sniffing standard, section 4.4, step by step.
func naiveEssence(s string) string {
	s = strings.Trim(s, "\t\n\r ")
	slash := strings.IndexByte(s, '/')
	if slash < 1 {
		return ""
	}
	kind, subtype := s[:slash], s[slash+1:]
	if end := strings.IndexByte(subtype, ';'); end >= 0 {
		subtype = subtype[:end]
	}
	subtype = strings.TrimRight(subtype, "\t\n\r ")
	for _, part := range []string{kind, subtype} {
		for i := range len(part) {
			if c := part[i]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
				return ""
			}
		}
	}
	return naiveLower(kind + "/" + subtype)
}

// naiveRange follows the Fetch standard, section 2.2.2, "parse a single range header value".
func naiveRange(s string) bool {
	if !strings.HasPrefix(s, "bytes=") {
		return false
	}
	s = s[6:]
	digits := func() (run string) {
		for s != "" && s[0] >= '0' && s[0] <= '9' {
			run, s = run+s[:1], s[1:]
		}
		return run
	}
	first := digits()
	if s == "" || s[0] != '-' {
		return false
	}
	s = s[1:]
	last := digits()
	if s != "" || first == "" {
		return false
	}
	if last == "" {
		return true
	}
	width := strconv.Itoa(len(first) + len(last)) // as wide as both: then text compares as numbers do
	return zeroes(first, width) <= zeroes(last, width)
}

func zeroes(number, width string) string {
	n, _ := strconv.Atoi(width)
	return strings.Repeat("0", n-len(number)) + number
}

// The rules of a request cost little: they are asked about each unwrapped one.
func BenchmarkUnsafeNames(b *testing.B) {
	headers := pairs("Content-Type", "application/json", "If-Match", `"abc"`, "authorization", "Bearer x")
	b.ReportAllocs()
	for b.Loop() {
		preflight.UnsafeNames(headers)
	}
}
