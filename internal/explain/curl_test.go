package explain_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

func TestParseCurl(t *testing.T) {
	type command = explain.Command
	cors := func(method string, body preflight.Body, text ...string) preflight.Request {
		return preflight.Request{Method: method, Body: body, Headers: headers(text...), Mode: preflight.ModeCORS}
	}
	const at = "https://a.example/x"
	const form, none = preflight.BodyForm, preflight.BodyNone
	tests := []struct {
		name, text string
		want       command
	}{
		{"an address", "curl https://a.example/x", command{URL: at, Request: cors("GET", none)}},
		{"an address without a scheme", "$ curl a.example/x", command{URL: "http://a.example/x", Request: cors("GET", none)}},
		{"--url", "curl --url https://a.example/x", command{URL: at, Request: cors("GET", none)}},
		{"quotes and lines that go on", "curl 'https://a.example/x' \\\n  -X \"PA\"TCH \\\r\n -H 'a: b'", command{URL: at, Request: cors("PATCH", none, "a", "b")}},
		{"letters together", "curl -sSLXPUT -H'a: b' https://a.example/x", command{URL: at, Request: cors("PUT", none, "a", "b")}},
		{"data is a form", "curl -d a=1 -d b=2 https://a.example/x", command{URL: at, Data: "a=1&b=2", Request: cors("POST", form)}},
		{"unless it says what it is", "curl --data-raw '{}' -H 'content-type: application/json' https://a.example/x", command{URL: at, Data: "{}", Request: cors("POST", preflight.BodyString, "content-type", "application/json")}},
		{"--json", "curl --json '{}' https://a.example/x", command{URL: at, Data: "{}", Request: cors("POST", preflight.BodyString, "Content-Type", "application/json", "Accept", "application/json")}},
		{"-G", "curl -G -d a=1 --data-urlencode 'b=x y' 'https://a.example/x?c'", command{URL: "https://a.example/x?c&a=1&b=x+y", Request: cors("GET", none)}},
		{"-F", "curl -F a=@b https://a.example/x", command{URL: at, Request: cors("POST", preflight.BodyMultipart)}},
		{"-I", "curl -I https://a.example/x", command{URL: at, Request: cors("HEAD", none)}},
		{"-T", "curl -T file https://a.example/x", command{URL: at, Request: cors("PUT", preflight.BodyBuffer)}},
		{"-u", "curl -u ada:x https://a.example/x", command{URL: at, Request: cors("GET", none, "Authorization", "Basic YWRhOng=")}},
		{"-b, -A, -e, -r", "curl -b c=1 -A x -e y -r 0-1 https://a.example/x", command{URL: at, Request: cors("GET", none, "Cookie", "c=1", "User-Agent", "x", "Referer", "y", "Range", "bytes=0-1")}},
		{"headers without values", "curl -H 'a;' -H 'b:' https://a.example/x", command{URL: at, Request: cors("GET", none, "a", "")}},
		{"what matters to curl alone", "curl -k --max-time 5 -o /dev/null --compressed --http2 https://a.example/x", command{URL: at, Request: cors("GET", none)}},
		{"its origin", "curl -H 'Origin: https://app.example.com' https://a.example/x", command{URL: at, Origin: page, Request: cors("GET", none, "Origin", page)}},
		{"dollar quotes", `curl -H $'a: \x41\u00e9\101\n\'' https://a.example/x`, command{URL: at, Request: cors("GET", none, "a", "AéA\n'")}},
		{"double quotes", `curl -H "a: \"\$\\\x" https://a.example/x`, command{URL: at, Request: cors("GET", none, "a", `"$\\x`)}},
		{
			"copied from a browser", "curl 'https://a.example/x' -H 'user-agent: M' -H 'sec-fetch-mode: no-cors' -H 'referer: r' -H 'priority: u=1' -H 'x-a: 1' -H 'pragma: no-cache' -H 'cache-control: no-cache'",
			command{
				URL: at, Request: preflight.Request{Method: "GET", Body: none, Mode: preflight.ModeNoCORS, Headers: headers("x-a", "1")},
				Notes: []string{"Left out, because the browser that the command was copied from had added it: user-agent, priority, pragma, cache-control."},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := explain.ParseCurl(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Request.Headers) == 0 {
				got.Request.Headers = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseCurlRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", "begins with curl"},
		{"another program", "wget https://a.example", "begins with curl"},
		{"no address", "curl -X GET", "0 addresses"},
		{"two addresses", "curl https://a.example https://b.example", "2 addresses"},
		{"an open quote", "curl 'https://a.example", "not closed"},
		{"another command", "curl https://a.example | jq", "more than one command"},
		{"an unknown option", "curl --frob=secret https://a.example", `"--frob" is not known`},
		{"an unknown letter", "curl -sß https://a.example", `"-ß" is not known`},
		{"an option without a value", "curl https://a.example -H", "--header needs a value"},
		{"too long", "curl " + strings.Repeat("a", explain.MaxCommand), "more than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := explain.ParseCurl(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// FuzzParseCurl: nothing panics, and what is read can be explained, or is refused.
func FuzzParseCurl(f *testing.F) {
	f.Add(`curl -sXPOST "https://a.example/?x=\"" -H $'a: \u00e9\'' --data-urlencode =x \`)
	f.Add("curl -H 'sec-fetch-mode: cors' -H 'a;' -IG -d@x a")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := explain.ParseCurl(text)
		if err != nil {
			return
		}
		if _, err := explain.Explain(explain.Question{Request: c.Request, Origin: c.Origin}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
