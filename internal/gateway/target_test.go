package gateway

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzTarget: whatever target net/http takes and the edge lets pass, goes up byte
// for byte.
func FuzzTarget(f *testing.F) {
	for _, target := range []string{"/", "/a?b", "/%2F//", "//a/b", "/a|b?c;d=%zz&&", "/\xff", "/a?", "/??", "http://localhost/a%7Cb?c", "/..//./%2e", "/a:b@c"} {
		f.Add(target)
	}
	f.Fuzz(func(t *testing.T, target string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")))
		if err != nil || r.RequestURI != target {
			return
		}
		x := &exchange{r: r}
		if x.checkTarget() != nil {
			return
		}
		if !strings.HasPrefix(target, "/") {
			_, rest, _ := strings.Cut(target, "://")
			if i := strings.IndexAny(rest, "/?"); i < 0 || rest[i] == '?' {
				return // net/http has written a path of its own
			}
			target = rest[strings.IndexByte(rest, '/'):]
			if r.URL.EscapedPath() != strings.SplitN(target, "?", 2)[0] {
				return // the absolute form is rare, and is encoded anew
			}
		}
		for _, base := range []string{"http://upstream", "https://upstream:1/base/"} {
			upstream, err := url.Parse(base)
			if err != nil {
				t.Fatal(err)
			}
			u := *r.URL
			setTarget(&u, upstream, x.path, r.URL.RawQuery)
			if got, want := u.RequestURI(), basePath(upstream)+target; got != want || u.Host != upstream.Host {
				t.Errorf("%q goes to %s as %q", target, u.Host, got)
			}
		}
	})
}
