package e2e

import (
	"fmt"
	"net/http"
	"testing"
)

// TestWorkerTouchesCallsAlone: on a page that nobody has changed, the service worker
// carries what scripts ask of the API. It gives no token to an image, a script, a style,
// a frame, or to what the page may send and not read.
func TestWorkerTouchesCallsAlone(t *testing.T) {
	const put = `document.body.append(Object.assign(document.createElement(%q), %s))`
	const ask = `(() => {
		const xhr = new XMLHttpRequest();
		xhr.open("PATCH", %q);
		xhr.setRequestHeader("Content-Type", "application/json");
		xhr.setRequestHeader("X-Requested-With", "XMLHttpRequest");
		xhr.upload.onprogress = () => {};
		xhr.send("{}");
	})()`
	element := func(name, members string) func(string) string {
		return func(url string) string { return fmt.Sprintf(put, name, fmt.Sprintf(members, url)) }
	}
	tests := map[string]struct {
		act    func(url string) string
		method string // as the API sees it
		wire   string
		token  bool
	}{
		"an XMLHttpRequest":                   {func(url string) string { return fmt.Sprintf(ask, url) }, http.MethodPatch, http.MethodPost, true},
		"a fetch":                             {func(url string) string { return fmt.Sprintf(`fetch(%q, {method: "DELETE"})`, url) }, http.MethodDelete, http.MethodPost, true},
		"a fetch whose answer cannot be read": {func(url string) string { return fmt.Sprintf(`fetch(%q, {mode: "no-cors"})`, url) }, http.MethodGet, http.MethodGet, false},
		"an image":                            {element("img", `{src: %q}`), http.MethodGet, http.MethodGet, false},
		"an image that may be read":           {element("img", `{crossOrigin: "anonymous", src: %q}`), http.MethodGet, http.MethodGet, false},
		"a script":                            {element("script", `{src: %q}`), http.MethodGet, http.MethodGet, false},
		"a module":                            {element("script", `{type: "module", src: %q}`), http.MethodGet, http.MethodGet, false},
		"a style":                             {element("link", `{rel: "stylesheet", href: %q}`), http.MethodGet, http.MethodGet, false},
		"a frame":                             {element("iframe", `{src: %q}`), http.MethodGet, http.MethodGet, false},
	}
	inEachEngine(t, func(t *testing.T, in engine) {
		s := newCallScene(t)
		page, number := s.open(t, in, "worker"), 0
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				number++
				path := fmt.Sprintf("/untouched/%d", number)
				page.Evaluate(fmt.Sprintf("(() => { %s; return arrived(%q).then(() => true) })()", test.act(s.tap.URL+path), s.tap.URL+path))
				if methods := s.tap.Methods(path); words(methods) != test.wire {
					t.Errorf("on the wire were %v, want %s", methods, test.wire)
				}
				saw := s.api.saw(path)
				if len(saw) != 1 || saw[0].Method != test.method || saw[0].Target != path || (saw[0].Header.Get("Authorization") != "") != test.token {
					t.Errorf("the API saw %+v", saw)
				}
			})
		}
	})
}
