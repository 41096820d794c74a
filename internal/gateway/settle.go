package gateway

import (
	"net/http"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
)

// settle changes the upstream's response in place before it is sent down.
func settle(res *http.Response) error {
	x := exchangeOf(res.Request.Context())
	if res.StatusCode == http.StatusSwitchingProtocols {
		if !x.acceptsUpgrade(res) {
			return refusal{problemInvalid}
		}
		x.w.status = res.StatusCode // the proxy writes this head to the connection itself
	}
	if p := x.checkRedirect(res); p != nil {
		return refusal{p}
	}
	if x.edits.EndsAtHead() {
		gate.EndHead(res.Header)
	}
	delete(res.Header, "Crossgate-Reason") // says why we refused; the upstream did not ask us
	// Where else the upstream can be reached is true of its own address, not of ours,
	// and would lead browsers round the gateway.
	delete(res.Header, "Alt-Svc")
	dropDashboardSetCookies(res.Header)
	x.dress(res.Header)
	if x.edits.Unwrapped() && res.StatusCode != http.StatusSwitchingProtocols {
		res.Body = &trailerScreen{ReadCloser: res.Body, res: res}
	}
	if isStream(res) {
		go x.watch(res.Body)
	}
	return nil
}

// isStream reports whether a response may stay open for as long as it likes.
func isStream(res *http.Response) bool {
	if res.StatusCode == http.StatusSwitchingProtocols {
		return true
	}
	kind, _, _ := strings.Cut(first(res.Header["Content-Type"]), ";") // whatever its parameters
	return strings.EqualFold(strings.Trim(kind, " \t"), "text/event-stream")
}

// dress puts the fields that every answer has, and those that the rules want, into
// a response's header.
func (x *exchange) dress(h http.Header) {
	if x.lastly || x.abandonsBody() {
		h["Connection"] = []string{"close"}
	}
	if !x.judged {
		gate.AddVary(h, "Origin")
		return
	}
	x.settled = gate.Settle(x.site.Gate, x.verdict, &x.edits)
	x.settled.Apply(h)
	delete(h, "Access-Control-Allow-Private-Network") // in observe mode, too
}
