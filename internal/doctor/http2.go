package doctor

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// exchange2 sends a message by HTTP/2, which net/http does. Of the order of the answer's
// fields, only that of fields of one name is left.
func exchange2(ctx context.Context, conn net.Conn, m message) (answer, error) {
	transport := &http.Transport{
		DialTLSContext:         func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: MaxHead,
	}
	defer transport.CloseIdleConnections()
	req := &http.Request{
		Method: m.method, URL: m.url, Host: hostOf(m.url), Header: headerOf(m.fields),
		Body: http.NoBody, ProtoMajor: 1, ProtoMinor: 1,
	}
	if len(m.body) > 0 {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(m.body)), int64(len(m.body))
	}
	start := time.Now()
	res, err := transport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	return answer{Response: responseOf(res.StatusCode, sortedFields(res.Header)), wait: time.Since(start)}, nil
}

// headerOf are the fields by their names, as net/http has them.
func headerOf(fields [][2]string) http.Header {
	h := http.Header{}
	for _, f := range fields {
		h.Add(f[0], f[1])
	}
	return h
}

// sortedFields are fields in the order of their names; names are in lower case, as they
// are on the wire (RFC 9113, section 8.2).
func sortedFields(h http.Header) [][2]string {
	var fields [][2]string
	for name, values := range h {
		for _, value := range values {
			fields = append(fields, [2]string{strings.ToLower(name), value})
		}
	}
	slices.SortStableFunc(fields, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return fields
}
