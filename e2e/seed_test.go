package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/crossgate"
)

// Addresses as in real life: default ports, https, names.
const (
	partner  = "https://app.partner.example"
	stranger = "https://app.stranger.example"
	company  = "https://api.company.example"
)

// TestAsInRealLife has pages and API on https addresses of their own, HTTP/2 between
// them, and an entry that is just the domain, without the "https://" part.
func TestAsInRealLife(t *testing.T) {
	id := newIdentity(t, "app.partner.example", "app.stranger.example", "api.company.example")
	api, content, listen := newAPI(t), id.serve(t, http.FileServerFS(pages)), crossgate.FreeAddress(t)
	gateway := binary.Serve(t, api.URL,
		"--listen", listen, "--public-url", company, "--tls-cert", id.certFile, "--tls-key", id.keyFile)
	gateway.Run("domain", "add", "app.partner.example")

	browser := startBrowser(t, chromium.Config{
		Trust: id.keyDigest,
		Hosts: map[string]string{
			"app.partner.example:443":  content,
			"app.stranger.example:443": content,
			"api.company.example:443":  listen,
		},
	})
	page := browser.Open(t, partner+"/pages/caller.html")
	gateway.Await("the list", func() bool { return call(page, company+"/discussions", "{}").Status == http.StatusOK })
	panel := page.Watch()

	const query = "?access_token=" + apiToken
	const header = `{headers: {Authorization: "Bearer ` + apiToken + `"}}`
	steps := []struct {
		name, query, options string
		panel                []string
	}{
		{"GET with the token in the query", query, `{}`, []string{"Fetch 200 h2"}},
		{"POST of text with the token in the query", query, `{method: "POST", body: "{}"}`, []string{"Fetch 200 h2"}},
		{"token in the header", "", header, []string{"Preflight 204 h2", "Fetch 200 h2"}},
		{"the same again: the browser remembers the preflight", "", header, []string{"Fetch 200 h2"}},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			call(page, company+"/discussions"+step.query, step.options)
			if got := panel.To(company); !slices.Equal(got, step.panel) {
				t.Errorf("the network panel shows %q, want %q", got, step.panel)
			}
		})
	}

	t.Run("the browser client", func(t *testing.T) { byClient(t, page, panel, api) })

	refused := answer{Threw: "TypeError"}
	t.Run("a stranger reads nothing", func(t *testing.T) {
		api.saw()
		if got := call(browser.Open(t, stranger+"/pages/caller.html"), company+"/discussions", "{}"); got != refused {
			t.Errorf("the page read %+v", got)
		}
		if saw := api.saw(); len(saw) != 0 {
			t.Errorf("the API saw %+v", saw)
		}
	})
	t.Run("once removed, a remembered preflight helps no more", func(t *testing.T) {
		gateway.Run("domain", "remove", "app.partner.example")
		gateway.Await("the removal", func() bool { return call(page, company+"/discussions", header) == refused })
		api.saw()
		panel.To(company)
		call(page, company+"/discussions", header)
		if got := panel.To(company); !slices.Equal(got, []string{"Fetch blocked: MissingAllowOriginHeader"}) {
			t.Errorf("the network panel shows %q", got)
		}
		if saw := api.saw(); len(saw) != 0 {
			t.Errorf("the API saw %+v", saw)
		}
	})
}

// byClient has the page call by the browser client, over HTTP/2, where Chromium sends
// streams.
func byClient(t *testing.T, page *chromium.Page, panel *chromium.Network, api *recordingAPI) {
	chromium.Eval[chromedp.Void](page, fmt.Sprintf("start(%q, %q)", company, apiToken))
	panel.To(company)
	api.saw()
	const json = `{method: "PATCH", body: "{}", headers: {"Content-Type": "application/json"%s}}`
	const stream = `{method: "PUT", body: new Blob(["a stream"]).stream(), duplex: "half", headers: {"Content-Type": "text/csv"%s}}`
	const header = `, Authorization: "Bearer ` + apiToken + `"`
	for name, options := range map[string]string{"JSON": json, "a stream": stream} {
		t.Run(name, func(t *testing.T) {
			call(page, company+"/discussions/"+name, fmt.Sprintf(options, header))
			if got := panel.To(company); !slices.Equal(got, []string{"Preflight 204 h2", "Fetch 200 h2"}) {
				t.Errorf("by fetch, the network panel shows %q", got)
			}
			want := api.saw()
			chromium.Eval[answer](page, fmt.Sprintf("call(%q, %s, client)", company+"/discussions/"+name, fmt.Sprintf(options, "")))
			if got := panel.To(company); !slices.Equal(got, []string{"Fetch 200 h2"}) {
				t.Errorf("by the client, the network panel shows %q", got)
			}
			if saw := api.saw(); len(saw) != 1 || !slices.Equal(saw, want) {
				t.Errorf("the API saw %+v, want %+v", saw, want)
			}
		})
	}
}

func startBrowser(t *testing.T, cfg chromium.Config) *chromium.Browser {
	t.Helper()
	browser, err := chromium.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(browser.Stop)
	return browser
}
