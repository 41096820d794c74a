package envelope_test

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/envelope"
)

// The files of testdata/wire are what clients sent: the content type, an LF, and the
// body. Chromium, Firefox and undici (Node 20) had FormData and URLSearchParams to send,
// curl 7.88 was called with -F and with --data-urlencode.
const wireFiles = "testdata/wire/*.http"

var (
	wireFields = []envelope.Field{{Name: "If-Match", Value: `"7"`}, {Name: "X-Name", Value: "caf\xe9"}}
	binary     = "\x00\r\n--\xff"
)

// wires says what each of them is.
var wires = map[string]result{
	"chromium-formdata-blob":            wired(envelope.Multipart, "application/json", `{"name":"x & y"}`),
	"chromium-formdata-file":            wired(envelope.Multipart, "image/png", binary),
	"chromium-formdata-nobody":          withoutBody(envelope.Multipart),
	"chromium-formdata-ordinary":        {},
	"chromium-formdata-text":            wired(envelope.Multipart, "", "text\r\nlines"), // FormData makes LF CRLF
	"chromium-formdata-untyped":         wired(envelope.Multipart, "application/octet-stream", "plain"),
	"chromium-urlsearchparams":          wired(envelope.Form, "application/json", `{"name":"x & y+%€"}`),
	"chromium-urlsearchparams-ordinary": {},
	"curl-form":                         wired(envelope.Multipart, "application/json", `{"name":"x & y"}`),
	"curl-form-ordinary":                {},
	"curl-form-text":                    withoutFields(wired(envelope.Multipart, "application/json", `{"name":"x & y"}`)),
	"curl-urlencode":                    wired(envelope.Form, "application/json", `{"name":"x & y"}`),
	"firefox-formdata-blob":             wired(envelope.Multipart, "application/json", `{"name":"x & y"}`),
	"firefox-formdata-file":             wired(envelope.Multipart, "image/png", binary),
	"firefox-formdata-nobody":           withoutBody(envelope.Multipart),
	"firefox-formdata-ordinary":         {},
	"firefox-formdata-text":             wired(envelope.Multipart, "", "text\r\nlines"),
	"firefox-formdata-untyped":          wired(envelope.Multipart, "application/octet-stream", "plain"),
	"firefox-urlsearchparams":           wired(envelope.Form, "application/json", `{"name":"x & y+%€"}`),
	"firefox-urlsearchparams-ordinary":  {},
	"undici-formdata":                   wired(envelope.Multipart, "application/json", `{"name":"x & y"}`),
	"undici-urlsearchparams":            wired(envelope.Form, "application/json", `{"name":"x & y+%€"}`),
}

func wired(kind envelope.Kind, contentType, body string) result {
	c := envelope.Controls{Kind: kind, Method: "PATCH", Token: "up.token~1", HasToken: true, Fields: wireFields, ContentType: contentType, HasBody: true}
	length := int64(len(body))
	if kind == envelope.Form {
		length = -1
	}
	return result{Controls: &c, Body: body, Length: length}
}

func withoutBody(kind envelope.Kind) result {
	r := wired(kind, "", "")
	r.Controls.HasBody, r.Length = false, 0
	return r
}

func withoutFields(r result) result {
	r.Controls.Fields = nil
	return r
}

// TestWire: the bytes of real clients are read as what they meant.
func TestWire(t *testing.T) {
	files, err := filepath.Glob(wireFiles)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".http")
		names = append(names, name)
		t.Run(name, func(t *testing.T) { readsWire(t, file, wires[name]) })
	}
	slices.Sort(names)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(wires)), names); diff != "" {
		t.Errorf("the table and the files differ: (-table +files)\n%s", diff)
	}
}

func readsWire(t *testing.T, file string, want result) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	contentType, body, _ := strings.Cut(string(text), "\n")
	if want.Controls == nil {
		want.Body, want.Length = body, int64(len(body))
	}
	for _, r := range []io.Reader{strings.NewReader(body), iotest.OneByteReader(strings.NewReader(body))} {
		if diff := cmp.Diff(want, open(t, contentType, r, int64(len(body)))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestGoWriter: what mime/multipart writes is read as what was meant.
func TestGoWriter(t *testing.T) {
	for _, body := range []string{"", "x", "\r\n", "\r\n--", strings.Repeat("line\r\n", 20_000)} {
		contentType, wire := goMultipart(t, "DELETE", "up.token", "A: b", "text/csv", body)
		want := result{Body: body, Length: int64(len(body)), Controls: &envelope.Controls{
			Kind: envelope.Multipart, Method: "DELETE", Token: "up.token", HasToken: true,
			Fields: []envelope.Field{{Name: "A", Value: "b"}}, ContentType: "text/csv", HasBody: true,
		}}
		if diff := cmp.Diff(want, open(t, contentType, strings.NewReader(wire), int64(len(wire)))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// goMultipart is an envelope as mime/multipart writes it. It has no $body where the body's
// type is "".
func goMultipart(t *testing.T, method, token, headers, contentType, body string) (outerType, wire string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range [][2]string{{"$httpMethod", method}, {"access_token", token}, {"$httpHeaders", headers}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			t.Fatal(err)
		}
	}
	if contentType != "" {
		head := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="$body"`}, "Content-Type": {contentType}}
		p, err := w.CreatePart(head)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(p, body) // to a buffer
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// TestOldUndici: some clients leave the last CRLF out, and are told so.
func TestOldUndici(t *testing.T) {
	text, err := os.ReadFile("testdata/wire/undici-formdata.http")
	if err != nil {
		t.Fatal(err)
	}
	contentType, body, _ := strings.Cut(string(text), "\n")
	body = strings.TrimSuffix(body, "\r\n")
	got := open(t, contentType, strings.NewReader(body), int64(len(body)))
	if !strings.Contains(got.Fault, "ends without its last CRLF") {
		t.Errorf("the fault is %q", got.Fault)
	}
}
