package client

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A received request is what one call has sent, and where it was an envelope what that
// stands for.
type received struct {
	Method, Query, ContentType, Body, Token string
	Header                                  map[string]string // what the page has set
	Wrapped                                 bool
}

// A recorder is an API of another origin. It allows everything, so that preflights
// succeed, and keeps every request by its path.
type recorder struct {
	*httptest.Server

	mu   sync.Mutex
	seen map[string][]received
}

func newRecorder(t testing.TB) *recorder {
	r := &recorder{seen: map[string][]received{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// ServeHTTP answers as the gateway does: to the request within an envelope.
func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	got := received{
		Method: q.Method, Query: q.URL.RawQuery, ContentType: q.Header.Get("Content-Type"),
		Body: string(body), Header: ownHeaders(q.Header),
	}
	r.mu.Lock()
	r.seen[q.URL.Path] = append(r.seen[q.URL.Path], got)
	r.mu.Unlock()
	allow(w, q)
	if !strings.HasPrefix(got.Body, "%24httpMethod=HEAD&") && got.Body != "%24httpMethod=HEAD" {
		io.WriteString(w, "seen")
	}
}

// allow answers as an API that trusts every page and every header.
func allow(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", q.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Methods", q.Header.Get("Access-Control-Request-Method"))
	w.Header().Set("Access-Control-Allow-Headers", q.Header.Get("Access-Control-Request-Headers"))
	w.Header().Set("Access-Control-Max-Age", "0")
}

// at returns what has come to a path.
func (r *recorder) at(path string) []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen[path])
}

// ownHeaders are the header fields that the page has set: all but the browser's own.
func ownHeaders(header http.Header) map[string]string {
	browsers := []string{
		"Accept-Encoding", "Cache-Control", "Connection", "Content-Length", "Content-Type", "Origin",
		"Pragma", "Priority", "Referer", "Te", "User-Agent",
	}
	own := map[string]string{}
	for name, values := range header {
		value := strings.Join(values, ", ")
		byBrowser := slices.Contains(browsers, name) || strings.HasPrefix(name, "Sec-") ||
			name == "Accept" && value == "*/*" || name == "Accept-Language" && strings.HasPrefix(value, "en-US")
		if !byBrowser {
			own[name] = value
		}
	}
	return own
}

// unwrap reads an envelope as simply as can be. Whatever else came is returned as it is.
func unwrap(t *testing.T, r received) received {
	t.Helper()
	kind, params, _ := mime.ParseMediaType(r.ContentType) // of no use: no envelope
	var fields [][2]string
	inner := received{Query: r.Query, Header: map[string]string{}, Wrapped: true}
	switch kind {
	case "application/x-www-form-urlencoded":
		fields = formFields(t, r.Body)
	case "multipart/form-data":
		fields = partFields(t, r.Body, params["boundary"], &inner)
	}
	if len(fields) == 0 || fields[0][0] != "$httpMethod" {
		return r
	}
	for _, field := range fields {
		switch name, value := field[0], field[1]; name {
		case "$httpMethod":
			inner.Method = value
		case "access_token":
			inner.Token = value
		case "$httpHeaders":
			header := http.Header{}
			for line := range strings.SplitSeq(value, "\r\n") {
				name, value, _ := strings.Cut(line, ": ")
				header.Set(name, latin1(value))
			}
			inner.Header = ownHeaders(header)
		case "$ct":
			inner.ContentType = value
		case "$body":
			inner.Body = value
		default:
			t.Errorf("an envelope with the field %q", name)
		}
	}
	return inner
}

func formFields(t *testing.T, body string) (fields [][2]string) {
	t.Helper()
	for pair := range strings.SplitSeq(body, "&") {
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(rawName)
		value, err2 := url.QueryUnescape(rawValue)
		if err1 != nil || err2 != nil {
			t.Errorf("a form that cannot be read: %q", pair)
		}
		fields = append(fields, [2]string{name, value})
	}
	return fields
}

func partFields(t *testing.T, body, boundary string, inner *received) (fields [][2]string) {
	t.Helper()
	for parts := multipart.NewReader(strings.NewReader(body), boundary); ; {
		part, err := parts.NextRawPart()
		if err != nil {
			return fields // the last one, or a body that the page made
		}
		var value bytes.Buffer
		if _, err := value.ReadFrom(part); err != nil {
			t.Error(err)
		}
		if part.FormName() == "$body" {
			inner.ContentType = part.Header.Get("Content-Type")
		}
		fields = append(fields, [2]string{part.FormName(), value.String()})
	}
}

// latin1 is the bytes that the code points of a header's value stand for, without the
// blanks around it, which no server sees.
func latin1(value string) string {
	var b strings.Builder
	for _, r := range strings.Trim(value, " \t") {
		b.WriteByte(byte(r))
	}
	return b.String()
}

// comparable makes the boundaries alike that browsers make up for FormData.
func comparable(r received) received {
	line, _, _ := strings.Cut(r.Body, "\r\n")
	if boundary := strings.TrimPrefix(line, "--"); boundary != line {
		r.ContentType = strings.ReplaceAll(r.ContentType, boundary, "B")
		r.Body = strings.ReplaceAll(r.Body, boundary, "B")
	}
	r.Token, r.Wrapped = "", false
	return r
}

func show(r received) string {
	return strings.ReplaceAll(fmt.Sprintf("%#v", r), ", ", ",\n")
}
