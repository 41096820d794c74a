package preflight_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

func TestPredict(t *testing.T) {
	type request = preflight.Request
	post := func(body preflight.Body, headers ...string) request {
		return request{Method: "POST", Body: body, Headers: pairs(headers...)}
	}
	xhr := func(r request) request {
		r.API = preflight.XHR
		return r
	}
	noCORS := func(r request) request {
		r.Mode = preflight.ModeNoCORS
		return r
	}
	tests := []struct {
		name    string
		request request
		want    string // see told
	}{
		// Methods: Fetch standard, section 2.2.1.
		{"the zero request", request{}, "GET simple"},
		{"HEAD", request{Method: "HEAD"}, "HEAD simple"},
		{"a method in lower case is normalized", request{Method: "delete"}, "DELETE preflight: method"},
		{"but not patch", request{Method: "patch"}, "patch preflight: method"},
		{"any token", request{Method: "M-SEARCH"}, "M-SEARCH preflight: method"},
		{"OPTIONS", request{Method: "options"}, "OPTIONS preflight: method"},
		{"a forbidden method", request{Method: "trace"}, "throws TypeError: method-forbidden"},
		{"a forbidden method of XMLHttpRequest", xhr(request{Method: "trace"}), "throws SecurityError: method-forbidden"},
		{"no token", request{Method: "GET "}, "throws TypeError: method-invalid"},
		{"no token in XMLHttpRequest", xhr(request{Method: "GÉT"}), "throws SyntaxError: method-invalid"},
		{"no ByteString", xhr(request{Method: "G€T"}), "throws TypeError: text-not-bytes"},

		// Headers: Fetch standard, sections 2.2.2 and 5.1.
		{"JSON", post(preflight.BodyString, "Content-Type", "application/json"), "POST preflight: header-content-type content-type [application/json]"},
		{"a token", request{Headers: pairs("Authorization", "Bearer x")}, "GET preflight: header-name authorization"},
		{"all at once", request{Method: "PUT", Headers: pairs("X-B", "1", "Accept", "(", "x-a", "1")}, "PUT preflight: method, header-value-byte, header-name, header-name accept,x-a,x-b"},
		{"forbidden ones are dropped", request{Headers: pairs("Cookie", "a", "Sec-X", "b", "X-HTTP-Method", "TRACE")}, "GET simple, dropped header-forbidden header-forbidden header-forbidden"},
		{"a forbidden one with a malformed value throws", request{Headers: pairs("Cookie", "a\nb")}, "throws TypeError: value-invalid"},
		{"a name that is no token", request{Headers: pairs("X A", "")}, "throws TypeError: name-invalid"},
		{"an empty name in XMLHttpRequest", xhr(request{Headers: pairs("", "")}), "throws SyntaxError: name-invalid"},
		{"line feeds around a value are blanks", request{Headers: pairs("Accept", "\r\na\r\n")}, "GET simple"},
		{"one in it", request{Headers: pairs("Accept", "a\nb")}, "throws TypeError: value-invalid"},
		{"NUL", xhr(request{Headers: pairs("Accept", "\x00")}), "throws SyntaxError: value-invalid"},
		{"no ByteString", xhr(request{Headers: pairs("Accept", "€")}), "throws TypeError: text-not-bytes"},
		{"text that is not UTF-8 is none, either", request{Headers: pairs("Accept", "\xff")}, "throws TypeError: text-not-bytes"},
		{"a code point up to U+00FF is one byte", request{Headers: pairs("Accept", strings.Repeat("é", 128))}, "GET simple"},
		{"129 of them", request{Headers: pairs("Accept", strings.Repeat("é", 129))}, "GET preflight: header-value-long accept"},
		{"1025 bytes together", request{Headers: append(repeated("Accept", 8, strings.Repeat("a", 128)), pairs("Range", "bytes=0-")...)}, "GET preflight: headers-long, headers-long accept,range"},

		// A name that is given twice: fetch appends, XMLHttpRequest combines (section 3.5.2).
		{"twice in fetch", post(preflight.BodyBuffer, "Content-Type", "text/plain", "content-type", "text/plain"), "POST simple [text/plain, text/plain]"},
		{"twice in XMLHttpRequest", xhr(post(preflight.BodyBuffer, "Content-Type", "text/plain", "content-type", "text/plain")), "POST preflight: header-content-type content-type [text/plain, text/plain]"},

		// Bodies: Fetch standard, section 5.2, "extract".
		{"no body", post(preflight.BodyNone), "POST simple"},
		{"text", post(preflight.BodyString), "POST simple [text/plain;charset=UTF-8]"},
		{"a form", post(preflight.BodyForm), "POST simple [application/x-www-form-urlencoded;charset=UTF-8]"},
		{"a form with files", post(preflight.BodyMultipart), "POST simple [multipart/form-data; boundary=----WebKitFormBoundary0123456789abcdef]"},
		{"a buffer", post(preflight.BodyBuffer), "POST simple"},
		{"a blob without a type", post(preflight.BlobOf("")), "POST simple"},
		{"a blob of JSON", post(preflight.BlobOf("application/JSON")), "POST preflight: header-content-type content-type [application/json]"},
		{"a blob with a type that it cannot have", post(preflight.BlobOf("text/é")), "POST simple"},
		{"a given type wins", post(preflight.BlobOf("application/json"), "Content-Type", "text/plain"), "POST simple [text/plain]"},
		{"even an empty one", post(preflight.BodyString, "Content-Type", ""), "POST preflight: header-content-type content-type"},
		{"a type without a body counts, too", request{Headers: pairs("Content-Type", "application/json")}, "GET preflight: header-content-type content-type [application/json]"},
		{"a body on GET", request{Body: preflight.BodyString}, "throws TypeError: body-on-get"},
		{"a body on GET with XMLHttpRequest", xhr(request{Body: preflight.BlobOf("application/json")}), "GET simple, dropped body-dropped"},

		// Streams: Fetch standard, section 5.4.
		{"a stream", post(preflight.BodyStream), "POST preflight: stream-body"},
		{"a stream with keepalive", request{Method: "POST", Body: preflight.BodyStream, Keepalive: true}, "throws TypeError: keepalive-stream"},
		{"a stream with no-cors", noCORS(post(preflight.BodyStream)), "throws TypeError: no-cors-stream"},
		{"a stream in XMLHttpRequest is text", xhr(post(preflight.BodyStream)), "POST simple [text/plain;charset=UTF-8]"},

		// Upload listeners: XMLHttpRequest standard, section 3.5.6.
		{"a listener", xhr(request{Method: "POST", Body: preflight.BodyString, UploadListener: true}), "POST preflight: upload-listener [text/plain;charset=UTF-8]"},
		{"a listener without a body", xhr(request{UploadListener: true}), "GET preflight: upload-listener"},
		{"fetch has none", request{UploadListener: true}, "GET simple"},

		// The charset of a string: XMLHttpRequest standard, section 3.5.6.
		{"another charset", xhr(post(preflight.BodyString, "Content-Type", `text/plain;charset="utf-16";a=b`)), "POST simple [text/plain;charset=UTF-8;a=b]"},
		{"the same charset", xhr(post(preflight.BodyString, "Content-Type", `text/plain; charset=utf-8`)), "POST simple [text/plain; charset=utf-8]"},
		{"none", xhr(post(preflight.BodyString, "Content-Type", `text/plain`)), "POST simple [text/plain]"},
		{"another charset of a buffer", xhr(post(preflight.BodyBuffer, "Content-Type", `text/plain;charset=x`)), "POST simple [text/plain;charset=x]"},
		{"another charset in fetch", post(preflight.BodyString, "Content-Type", `text/plain;charset=x`), "POST simple [text/plain;charset=x]"},

		// Modes: Fetch standard, sections 4.1, 5.1 and 5.4.
		{"no-cors", noCORS(post(preflight.BodyString, "Accept", "a", "X-A", "1", "Content-Type", "application/json", "Range", "bytes=0-")), "POST simple, dropped header-no-cors header-no-cors header-no-cors [text/plain;charset=UTF-8]"},
		{"no-cors: the type of a blob is dropped, too", noCORS(post(preflight.BlobOf("application/json"))), "POST simple, dropped header-no-cors"},
		{"no-cors: values are safelisted together", noCORS(request{Headers: pairs("Accept", strings.Repeat("a", 64), "Accept", strings.Repeat("a", 63))}), "GET simple, dropped header-no-cors"},
		{"no-cors: a method", noCORS(request{Method: "PUT"}), "throws TypeError: no-cors-method"},
		{"same-origin", request{Mode: preflight.ModeSameOrigin}, "throws TypeError: same-origin-mode"},
		{"navigate", request{Mode: preflight.ModeNavigate}, "throws TypeError: navigate-mode"},
		{"XMLHttpRequest has no mode", xhr(request{Mode: preflight.ModeNavigate}), "GET simple"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := preflight.Predict(tt.request)
			if err != nil {
				t.Fatal(err)
			}
			if got := told(t, p); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// told is a prediction in a line. It checks what holds of every prediction.
func told(t *testing.T, p preflight.Prediction) string {
	t.Helper()
	for _, c := range slices.Concat(p.Because, p.Dropped) {
		if c.Detail == "" {
			t.Errorf("%s has no detail", c.Code)
		}
	}
	if p.Throws != "" {
		if p.Preflight || p.RequestMethod != "" || p.RequestHeaders != "" || len(p.Because) != 1 {
			t.Errorf("it throws, and yet: %+v", p)
		}
		return "throws " + string(p.Throws) + ": " + codesOf(p.Because)[0]
	}
	line := p.Method + " simple"
	if p.Preflight {
		line = strings.TrimSpace(p.Method + " preflight: " + strings.Join(codesOf(p.Because), ", ") + " " + p.RequestHeaders)
		if p.RequestMethod != p.Method {
			t.Errorf("asks for %s, sends %s", p.RequestMethod, p.Method)
		}
	} else if p.RequestMethod != "" || p.RequestHeaders != "" || len(p.Because) > 0 {
		t.Errorf("no preflight, and yet: %+v", p)
	}
	if len(p.Dropped) > 0 {
		line += ", dropped " + strings.Join(codesOf(p.Dropped), " ")
	}
	if p.ContentType != "" {
		line += " [" + p.ContentType + "]"
	}
	return line
}

func codesOf(causes []preflight.Cause) []string {
	var codes []string
	for _, c := range causes {
		codes = append(codes, string(c.Code))
	}
	return codes
}

func TestPredictRefusesWhatThereIsNot(t *testing.T) {
	tests := []struct {
		request preflight.Request
		field   string
	}{
		{preflight.Request{Body: "json"}, "body_type"},
		{preflight.Request{Body: "blob"}, "body_type"},
		{preflight.Request{Body: "blob:TYPE"}, ""},
		{preflight.Request{Mode: "websocket"}, "mode"},
		{preflight.Request{API: "beacon"}, "api"},
	}
	for _, tt := range tests {
		_, err := preflight.Predict(tt.request)
		var wrong *preflight.RequestError
		if tt.field == "" && err != nil || tt.field != "" && (!errors.As(err, &wrong) || wrong.Field != tt.field) {
			t.Errorf("%+v: %v", tt.request, err)
		}
	}
}

// What a prediction says holds no value of a header that could be a secret.
func TestDetailsHoldNoSecrets(t *testing.T) {
	const secret = "s3cr3t"
	p, err := preflight.Predict(preflight.Request{Method: "PUT", Headers: pairs("Authorization", secret, "X-Api-Key", secret, "Cookie", secret, "Accept", secret+"(", "Accept-Language", secret+"_")})
	text, err2 := json.Marshal(p)
	if err != nil || err2 != nil || strings.Contains(string(text), secret) {
		t.Errorf("%s, %v, %v", text, err, err2)
	}
}

func TestRequestJSON(t *testing.T) {
	const line = `{"method":"PATCH","headers":[["X-A","é"]],"body_type":"blob:a/b","mode":"cors","api":"xhr","upload_listener":true}`
	var r preflight.Request
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(r); err != nil || string(text) != line {
		t.Errorf("%s, %v", text, err)
	}
	for _, bad := range []string{`[["a"]]`, `[["a","b","c"]]`, `[{"a":"b"}]`, `["a"]`, `[[1,2]]`} {
		if err := json.Unmarshal([]byte(`{"headers":`+bad+`}`), &r); err == nil {
			t.Errorf("%s is not refused", bad)
		}
	}
}

func TestQuirks(t *testing.T) {
	known := map[preflight.QuirkCode]bool{}
	for _, q := range preflight.Quirks() {
		if known[q.Code] || q.Detail == "" || len(q.Engines) == 0 {
			t.Errorf("%+v", q)
		}
		known[q.Code] = true
	}
}
