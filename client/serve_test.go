package client_test

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"testing"

	"github.com/crossgate/crossgate/client"
)

// A script is answered compressed or not, or not again.
func TestServe(t *testing.T) {
	script, ok := client.Find("client.js")
	if !ok {
		t.Fatal("there is no client.js")
	}
	zipped := script.ETag[:len(script.ETag)-1] + `-gzip"`
	for _, tt := range []struct {
		name, method, accepts, has string
		status                     int
		coding, tag                string
	}{
		{"plain", "GET", "", "", 200, "", script.ETag},
		{"compressed", "GET", "gzip, deflate, br", "", 200, "gzip", zipped},
		{"with a weight", "GET", "br;q=1, GZIP;q=0.5", "", 200, "gzip", zipped},
		{"refused by weight", "GET", "gzip;q=0.000", "", 200, "", script.ETag},
		{"another coding", "GET", "br", "", 200, "", script.ETag},
		{"HEAD", "HEAD", "gzip", "", 200, "gzip", zipped},
		{"known", "GET", "", script.ETag, 304, "", script.ETag},
		{"known, weakly", "GET", "gzip", `"x", W/` + zipped, 304, "", zipped},
		{"known by any", "GET", "", "*", 304, "", script.ETag},
		{"known in the other coding", "GET", "", zipped, 200, "", script.ETag},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "/.crossgate/client.js", nil)
			if tt.accepts != "" {
				r.Header.Set("Accept-Encoding", tt.accepts)
			}
			if tt.has != "" {
				r.Header.Set("If-None-Match", tt.has)
			}
			w := httptest.NewRecorder()
			script.ServeHTTP(w, r)
			if w.Code != tt.status || w.Header().Get("Content-Encoding") != tt.coding || w.Header().Get("ETag") != tt.tag {
				t.Errorf("%d, coding %q, tag %s", w.Code, w.Header().Get("Content-Encoding"), w.Header().Get("ETag"))
			}
			if w.Header().Get("Vary") != "Accept-Encoding" {
				t.Errorf("Vary: %q", w.Header().Get("Vary"))
			}
			if got := textOf(t, w); tt.method == "GET" && tt.status == 200 && got != string(script.Text) {
				t.Errorf("%d bytes came, and the script has %d", len(got), len(script.Text))
			}
		})
	}
}

func textOf(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Body.Len() == 0 || w.Header().Get("Content-Encoding") != "gzip" {
		return w.Body.String()
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
