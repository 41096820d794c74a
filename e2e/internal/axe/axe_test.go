package axe_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/axe"
	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// Pages that break a rule, and one that breaks none, under a policy as strict as the
// dashboard's. One is bad in the dark alone.
var pages = map[string]string{
	"/good":   `<!doctype html><html lang="en"><title>t</title><main><h1>Good</h1><p>text</p></main>`,
	"/image":  `<!doctype html><html lang="en"><title>t</title><main><h1>Bad</h1><img src="data:,"></main>`,
	"/colour": `<!doctype html><html lang="en"><title>t</title><main><h1>Bad</h1><p style="color:#ccc;background:#fff">text</p></main>`,
	"/dark": `<!doctype html><html lang="en"><title>t</title><style>@media (prefers-color-scheme: dark){p{color:#333;background:#000}}</style>` +
		`<main><h1>Bad</h1><p>text</p></main>`,
}

func TestViolations(t *testing.T) {
	browser, err := chromium.Start(chromium.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(browser.Stop)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, pages[r.URL.Path])
	}))
	t.Cleanup(server.Close)

	for _, test := range []struct {
		name, path, scheme string
		want               []string
	}{
		{"a good page", "/good", "light", nil},
		{"a picture without a text", "/image", "light", []string{"image-alt"}},
		{"too little contrast", "/colour", "light", []string{"color-contrast"}},
		{"too little contrast in the dark, looked at in the light", "/dark", "light", nil},
		{"too little contrast in the dark", "/dark", "dark", []string{"color-contrast"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := browser.Open(t, server.URL+test.path, chromium.Prefers(test.scheme))
			var got []string
			for _, v := range axe.Violations(t, page) {
				got = append(got, v.Rule)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("it breaks %q, want %q", got, test.want)
			}
		})
	}
}
