package envelope_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/envelope"
)

const (
	formType  = "application/x-www-form-urlencoded"
	partsType = "multipart/form-data; boundary=b0undary"
)

// A result is all that can be seen of an opened body.
type result struct {
	Controls *envelope.Controls
	Body     string
	Length   int64
	Fault    string // from Open or from Read
	Twice    bool
}

// open opens a body and reads all of it.
func open(t *testing.T, contentType string, body io.Reader, length int64) result {
	t.Helper()
	opened, err := envelope.Open(contentType, body, length)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	text, err := io.ReadAll(opened.Body)
	r := result{Controls: opened.Controls, Body: string(text), Length: opened.Length}
	var fault *envelope.Fault
	switch {
	case errors.As(err, &fault):
		r.Fault, r.Twice = strings.TrimPrefix(fault.Error(), "envelope: "), fault.TokenTwice
	case err != nil:
		t.Fatalf("Read: %v", err)
	}
	if c := opened.Controls; c != nil && c.Fault != nil && (c.Fault.Detail != r.Fault || len(text) > 0) {
		t.Errorf("the fault of the controls is %q; reading gave %q and the fault %q", c.Fault.Detail, text, r.Fault)
	}
	return r
}

// parts writes a multipart body; each part is its head, an empty line and its value.
func parts(each ...string) string {
	var b strings.Builder
	for _, p := range each {
		b.WriteString("--b0undary\r\n" + p + "\r\n")
	}
	return b.String() + "--b0undary--\r\n"
}

// part is a part with a name and nothing else.
func part(name, value string) string {
	return `Content-Disposition: form-data; name="` + name + "\"\r\n\r\n" + value
}

// TestReadsEnvelopes: the effective request is what the fields say, whichever way the
// bytes come.
func TestReadsEnvelopes(t *testing.T) {
	patch := func(kind envelope.Kind) *envelope.Controls {
		return &envelope.Controls{
			Kind: kind, Method: "PATCH", Token: "cgt_x", HasToken: true, ContentType: "application/json", HasBody: true,
			Fields: []envelope.Field{{Name: "If-Match", Value: `"7"`}, {Name: "X-A", Value: "b c"}},
		}
	}
	for name, c := range map[string]struct {
		contentType, body string
		want              result
	}{
		"form, all fields": {
			formType, "%24httpMethod=PATCH&access_token=cgt_x&$httpHeaders=If-Match:+%227%22%0D%0AX-A:b%20c%0d%0a&$ct=application/json&$body=%7B%22a%22:1+%7d=",
			result{Controls: patch(envelope.Form), Body: `{"a":1 }=`, Length: -1},
		},
		"multipart, all parts": {
			partsType, parts(part("$httpMethod", "PATCH"), part("access_token", "cgt_x"), part("$httpHeaders", "If-Match: \"7\"\r\nX-A: b c"),
				"content-disposition: form-data; name=\"$body\"; filename=\"blob\"\r\nContent-Type: application/json\r\n\r\n{}\r\n--b0undarx"),
			result{Controls: patch(envelope.Multipart), Body: "{}\r\n--b0undarx", Length: 14},
		},
		"form, the method alone":      {formType, "$httpMethod=GET", result{Controls: &envelope.Controls{Kind: envelope.Form, Method: "GET"}}},
		"multipart, the method alone": {partsType, parts(part("$httpMethod", "GET")), result{Controls: &envelope.Controls{Kind: envelope.Multipart, Method: "GET"}}},
		"form, an empty body":         {formType, "$httpMethod=PUT&$body=", result{Controls: &envelope.Controls{Kind: envelope.Form, Method: "PUT", HasBody: true}}},
		"multipart, an empty body": {
			partsType, parts(part("$httpMethod", "PUT"), part("$body", "")),
			result{Controls: &envelope.Controls{Kind: envelope.Multipart, Method: "PUT", HasBody: true}},
		},
		"an ordinary form":           {formType, "a=b&$httpMethod=PUT", result{Body: "a=b&$httpMethod=PUT", Length: 19}},
		"an ordinary multipart body": {partsType, parts(part("a", "b")), result{Body: parts(part("a", "b")), Length: int64(len(parts(part("a", "b"))))}},
		"no carrier":                 {"text/plain", "$httpMethod=PUT", result{Body: "$httpMethod=PUT", Length: 15}},
	} {
		t.Run(name, func(t *testing.T) {
			for way, reader := range map[string]func(io.Reader) io.Reader{
				"whole":    func(r io.Reader) io.Reader { return r },
				"bytes":    iotest.OneByteReader,
				"data+EOF": iotest.DataErrReader,
			} {
				got := open(t, c.contentType, reader(strings.NewReader(c.body)), int64(len(c.body)))
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", way, diff)
				}
			}
		})
	}
}
