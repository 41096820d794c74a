package gateway

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the upstream sees of a request, for each carrier (protocol, "Carriers").
func TestUpstreamSees(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, tt := range []struct {
		name         string
		method       string
		target       string
		body         string
		fields       []string
		wantTarget   string
		wantHeader   map[string]string // "" means absent
		wantBody     string
		wantLength   int64
		wantEncoding []string
	}{
		{
			name: "ordinary GET", method: "GET", target: "/a?b=1", fields: []string{"Origin", trustedOrigin, "Authorization", "Bearer abc"},
			wantTarget: "/a?b=1", wantHeader: map[string]string{"Authorization": "Bearer abc", "Origin": trustedOrigin},
		},
		{
			name: "token in the query", method: "GET", target: "/a?x=1&access_token=abc&page=2", fields: []string{"Origin", trustedOrigin},
			wantTarget: "/a?x=1&page=2", wantHeader: map[string]string{"Authorization": "Bearer abc"},
		},
		{
			name: "token alone in the query", method: "DELETE", target: "/a?access_token=abc",
			wantTarget: "/a", wantHeader: map[string]string{"Authorization": "Bearer abc"},
		},
		{
			name: "text stands for JSON", method: "POST", target: "/a?access_token=abc", body: `{"a":1}`,
			fields:     []string{"Origin", trustedOrigin, "Content-Type", "text/plain;charset=UTF-8"},
			wantTarget: "/a", wantBody: `{"a":1}`, wantLength: 7,
			wantHeader: map[string]string{"Authorization": "Bearer abc", "Content-Type": "application/json"},
		},
		{
			name: "cookies of another origin stay here", method: "GET", target: "/", fields: []string{"Origin", trustedOrigin, "Cookie", "a=b"},
			wantTarget: "/", wantHeader: map[string]string{"Cookie": ""},
		},
		{
			name: "cookies without an origin pass", method: "GET", target: "/", fields: []string{"Cookie", "a=b; c=d"},
			wantTarget: "/", wantHeader: map[string]string{"Cookie": "a=b; c=d"},
		},
		{
			name: "the dashboard's cookies never", method: "GET", target: "/", fields: []string{"Cookie", "a=b; crossgate=s; __Host-crossgate=t; crossgate-setup=u; c=d"},
			wantTarget: "/", wantHeader: map[string]string{"Cookie": "a=b; c=d"},
		},
		{
			name: "nor alone", method: "GET", target: "/", fields: []string{"Cookie", "crossgate=s"},
			wantTarget: "/", wantHeader: map[string]string{"Cookie": ""},
		},
		{
			name: "a semicolon in the query", method: "GET", target: "/a?b=1;c=2&d=%zz",
			wantTarget: "/a?b=1;c=2&d=%zz",
		},
		{
			name: "an empty query", method: "GET", target: "/a?",
			wantTarget: "/a?",
		},
		{
			name: "the token in the Referer", method: "GET", target: "/", fields: []string{"Referer", "https://app.example.com/p?access_token=abc&q=1"},
			wantTarget: "/", wantHeader: map[string]string{"Referer": "https://app.example.com/p?q=1"},
		},
		{
			name: "trace context and request id", method: "GET", target: "/",
			fields:     []string{"X-Request-Id", "r1", "Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
			wantTarget: "/", wantHeader: map[string]string{"X-Request-Id": "r1", "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
		},
		{
			name: "no User-Agent of ours", method: "GET", target: "/", fields: []string{"User-Agent", ""},
			wantTarget: "/", wantHeader: map[string]string{"User-Agent": "", "Accept-Encoding": ""},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			res := r.send(tt.method, tt.target, tt.body, tt.fields...)
			if res.StatusCode != http.StatusOK {
				t.Fatalf("status %d: %s", res.StatusCode, bodyOf(t, res))
			}
			got := r.api.Last(t)
			if got.Method != tt.method || got.Target != tt.wantTarget || got.Body != tt.wantBody || got.ContentLength != tt.wantLength {
				t.Errorf("upstream saw %s %s, %d bytes %q", got.Method, got.Target, got.ContentLength, got.Body)
			}
			for name, want := range tt.wantHeader {
				if have := got.Header.Get(name); have != want {
					t.Errorf("%s: %q, want %q", name, have, want)
				}
			}
		})
	}
}

// Paths go up byte for byte, below the upstream's own path.
func TestPathsGoUpAsTheyCame(t *testing.T) {
	plain := newRig(t, rigConfig{})
	below := newRig(t, rigConfig{})
	at := *below.upstream
	at.Path = "/base/"
	below.upstream = &at
	below.publish()
	for _, path := range []string{
		"/", "/a/b", "/a%2Fb", "/a%2fb/%41", "/a//b", "/a/../b", "/a/./b", "/%2e%2e/a", "/a|b{c}^`\"<>", "/a\\b", "/a;b=c/d",
		"/caf\xc3\xa9", "/%zz%"[:1] + "a%20b", "/~a!$&'()*+,=:@", "//a//b",
	} {
		t.Run(path, func(t *testing.T) {
			for base, r := range map[string]*rig{"": plain, "/base": below} {
				r.api.Forget()
				answer := r.raw("GET " + path + "?q=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
				if len(r.api.Seen()) == 0 {
					t.Fatalf("not carried: %s", answer)
				}
				if got := r.api.Last(t).Target; got != base+path+"?q=1" {
					t.Errorf("upstream saw %q, want %q", got, base+path+"?q=1")
				}
			}
		})
	}
}

// Who asked is said by us, or by a trusted proxy and us.
func TestForwardedFields(t *testing.T) {
	claims := []string{
		"X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "localhost:99", "X-Forwarded-Port", "99",
		"Forwarded", "for=1.2.3.4", "X-Real-Ip", "1.2.3.4", "X-Original-Url", "/admin", "X-Rewrite-Url", "/admin",
		"X-Http-Method-Override", "DELETE", "X-Http-Method", "DELETE", "X-Method-Override", "DELETE",
		"Crossgate-Subject", "root", "Crossgate-Token", "tok_1", "Proxy", "http://evil.example", "Http2-Settings", "AAA",
		"X_Forwarded_For", "1.2.3.4", "Content.Length", "5", "Client-Cert", ":AAA:",
	}
	for _, tt := range []struct {
		name   string
		config func(*Config)
		want   http.Header
	}{
		{"of a stranger", nil, http.Header{
			"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Proto": {"http"}, "X-Forwarded-Host": {"localhost"}, "Accept-Encoding": {"x"},
		}},
		{"of a trusted proxy", loopback, http.Header{
			"X-Forwarded-For": {"1.2.3.4, 127.0.0.1"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"localhost:99"},
			"X-Forwarded-Port": {"99"}, "X-Real-Ip": {"1.2.3.4"}, "Client-Cert": {":AAA:"}, "Accept-Encoding": {"x"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, rigConfig{config: tt.config})
			head := "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: x\r\n"
			for i := 0; i < len(claims); i += 2 {
				head += claims[i] + ": " + claims[i+1] + "\r\n"
			}
			r.raw(head + "\r\n")
			got := r.api.Last(t).Header
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields upstream (-want +got):\n%s", diff)
			}
		})
	}
}
