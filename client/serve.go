package client

import (
	"net/http"
	"strconv"
	"strings"
)

// How long browsers may keep a script, in seconds: by its lasting name an hour, and by
// the name that changes with it a year.
const (
	keepLasting   = "public, max-age=3600"
	keepImmutable = "public, max-age=31536000, immutable"
)

// ServeHTTP answers a GET or HEAD with the script, compressed where that is accepted, or
// with 304 (RFC 9110, section 13.1.2). Any origin may load it as a script; to whom else
// it is readable is for whoever calls this to say.
func (s Script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", s.keep())
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	text, tag := s.Text, s.ETag
	zipped := acceptsGzip(r.Header["Accept-Encoding"])
	if zipped {
		text, tag = s.Gzip, strings.TrimSuffix(s.ETag, `"`)+`-gzip"`
	}
	h.Set("ETag", tag)
	if namesTag(r.Header["If-None-Match"], tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if zipped {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(text) // the client is gone, or it has it
	}
}

func (s Script) keep() string {
	if s.Immutable {
		return keepImmutable
	}
	return keepLasting
}

// acceptsGzip reports whether an Accept-Encoding takes gzip by name (RFC 9110, section
// 12.5.3).
func acceptsGzip(lines []string) bool {
	for coding := range elements(lines) {
		name, weight, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.Trim(name, " \t"), "gzip") {
			continue
		}
		_, q, given := strings.Cut(weight, "=")
		n, err := strconv.ParseFloat(strings.Trim(q, " \t"), 64)
		return !given || err == nil && n > 0
	}
	return false
}

// namesTag reports whether an If-None-Match names an entity tag, compared weakly
// (RFC 9110, section 8.8.3.2), or any.
func namesTag(lines []string, tag string) bool {
	for element := range elements(lines) {
		if element == "*" || strings.TrimPrefix(element, "W/") == tag {
			return true
		}
	}
	return false
}

// elements are those of a list in one or more fields. None of them has a comma.
func elements(lines []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, line := range lines {
			for element := range strings.SplitSeq(line, ",") {
				if !yield(strings.Trim(element, " \t")) {
					return
				}
			}
		}
	}
}
