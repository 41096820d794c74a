package explain

import (
	"fmt"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// An Advice is one thing that can be done.
type Advice struct {
	Code   AdviceCode `json:"code"`
	Detail string     `json:"detail"` // a sentence for a person
}

// An AdviceCode is the stable name of an advice.
type AdviceCode string

// What can be advised: what is wrong first, then what can simply be left out, then the
// ladder of ways from the best to the last resort.
const (
	LeaveNoCORS  AdviceCode = "leave-no-cors"
	TrustOrigin  AdviceCode = "trust-origin"
	GrantIt      AdviceCode = "grant"
	WriteMethod  AdviceCode = "write-method"
	DropHeader   AdviceCode = "drop-header"
	ChangeHeader AdviceCode = "change-header"
	DropListener AdviceCode = "drop-listener"
	SendBuffer   AdviceCode = "send-buffer"
	SameOrigin   AdviceCode = "same-origin"
	MaxAge       AdviceCode = "max-age"
	Envelope     AdviceCode = "envelope"
	Ticket       AdviceCode = "ticket"
	QueryToken   AdviceCode = "query-token"
)

// advise gives the cheapest advice first.
func advise(q Question, a Answer) []Advice {
	if a.Throws != "" {
		return nil // the cause says what to do
	}
	advice := admit(q, a)
	if q.Request.Mode == preflight.ModeNoCORS && q.Request.API != preflight.XHR {
		advice = append(advice, Advice{LeaveNoCORS, "Leave mode: \"no-cors\" out: a page cannot read the answer to such a request."})
	}
	if !a.Preflight {
		return advice
	}
	w := want{Answer: a, q: q}
	advice = append(advice, w.leaveOut()...)
	return append(advice, w.ladder()...)
}

// admit says how the gateway would be made to allow it.
func admit(q Question, a Answer) []Advice {
	switch {
	case a.Gateway == nil || a.Gateway.Allowed:
		return nil
	case a.Gateway.Reason == gate.OriginNotTrusted:
		return []Advice{{TrustOrigin, fmt.Sprintf("Let an administrator trust the page: crossgate domain add %s", strings.TrimPrefix(q.Origin, "https://"))}}
	case a.Gateway.Reason == gate.MethodNotAllowed && a.Method == "patch":
		return nil
	case a.Gateway.Reason == gate.MethodNotAllowed:
		return []Advice{{GrantIt, fmt.Sprintf("Let an administrator grant the method: crossgate site set --methods with %s among them.", a.Method)}}
	case a.Gateway.Reason == gate.HeaderNotAllowed:
		return []Advice{{GrantIt, fmt.Sprintf("Let an administrator grant the headers: crossgate site set --headers with %s among them.", a.RequestHeaders)}}
	}
	return nil
}

// A want is what a request needs a preflight for.
type want struct {
	Answer
	q Question
}

// needless are headers that pages send out of habit, and what to do instead.
var needless = map[string]string{
	"x-requested-with": "Drop X-Requested-With: it says nothing that Origin and Sec-Fetch-Mode do not say.",
	"cache-control":    "Drop Cache-Control: fetch(…, { cache: \"no-store\" }) does the same without a header.",
	"pragma":           "Drop Pragma: fetch(…, { cache: \"no-store\" }) does the same without a header.",
	"user-agent":       "Drop User-Agent: the browser sends its own.",

	"access-control-allow-origin":      "Drop Access-Control-Allow-Origin: servers answer it, pages do not send it.",
	"access-control-allow-headers":     "Drop Access-Control-Allow-Headers: servers answer it, pages do not send it.",
	"access-control-allow-methods":     "Drop Access-Control-Allow-Methods: servers answer it, pages do not send it.",
	"access-control-allow-credentials": "Drop Access-Control-Allow-Credentials: servers answer it, pages do not send it.",
}

// leaveOut is for causes that cost nothing to do without.
func (w want) leaveOut() []Advice {
	var advice []Advice
	for _, c := range w.Because {
		if a := w.without(c); a.Detail != "" {
			advice = append(advice, a)
		}
	}
	return advice
}

// without says how to do without a cause, where that is plain.
func (w want) without(c preflight.Cause) Advice {
	switch c.Code {
	case preflight.Method:
		if upper := strings.ToUpper(w.Method); upper != w.Method {
			return Advice{WriteMethod, fmt.Sprintf("Write %s: methods are case-sensitive, and servers know no %s.", upper, w.Method)}
		}
	case preflight.HeaderName:
		return Advice{DropHeader, needless[c.Header]}
	case preflight.HeaderType:
		if !w.hasBody() {
			return Advice{DropHeader, "Drop Content-Type: there is no body that it could describe."}
		}
	case preflight.HeaderValueByte, preflight.HeaderValueLong, preflight.HeadersLong:
		return Advice{ChangeHeader, fmt.Sprintf("Send a plainer %s, or none.", c.Header)}
	case preflight.HeaderRange:
		return Advice{ChangeHeader, "Ask for one range with a first byte, as bytes=0-499 and bytes=500- are."}
	case preflight.UploadListener:
		return Advice{DropListener, "Remove the listeners of xhr.upload, unless the page shows the progress of the upload."}
	case preflight.StreamBody:
		return Advice{SendBuffer, "Send a Blob or a buffer instead of a stream: not every browser sends streams, and none over HTTP/1.1."}
	}
	return Advice{}
}

func (w want) hasBody() bool {
	body := w.q.Request.Body
	return body != "" && body != preflight.BodyNone && w.Method != "GET" && w.Method != "HEAD"
}

// ladder is the advice for what the request cannot do without, from the best way to the
// last resort.
func (w want) ladder() []Advice {
	advice := []Advice{
		{SameOrigin, "Serve the page and the API from one origin, with a path for the API: then there is no CORS, and nothing to ask."},
		{MaxAge, "Leave it as it is where the page calls few addresses again and again: the browser keeps the answer, for the full address and as long as Access-Control-Max-Age says (Crossgate: 7200 seconds)."},
	}
	if w.Method != "OPTIONS" && !w.has(preflight.StreamBody) {
		advice = append(advice, Advice{Envelope, w.envelope()})
	}
	if (w.Method == "GET" || w.Method == "HEAD") && w.needsOnly("authorization") {
		advice = append(advice, Advice{Ticket, "Where an address is all there is (EventSource, WebSocket, images, downloads), use a ticket: fetch.url() and fetch.EventSource of client.js get one."})
	}
	switch {
	case w.needsOnly("authorization"):
		advice = append(advice, Advice{QueryToken, "Last of all, send the token as access_token in the query: addresses get into logs and histories (RFC 6750, section 2.3)."})
	case w.Method == "POST" && w.isJSON() && w.needsOnly("authorization", "content-type"):
		advice = append(advice, Advice{QueryToken, "Last of all, send the JSON as text/plain with the token as access_token in the query: addresses get into logs and histories (RFC 6750, section 2.3)."})
	}
	return advice
}

// envelope says what an envelope carries.
func (w want) envelope() string {
	var carried []string
	if w.has(preflight.Method) {
		carried = append(carried, strings.ToUpper(w.Method))
	}
	for _, c := range w.Because {
		if c.Header != "" {
			carried = append(carried, c.Header)
		}
	}
	if len(carried) == 0 {
		carried = []string{"the request"}
	}
	return fmt.Sprintf("Send it in an envelope, a simple POST that carries %s without a preflight: client.js does it, and the gateway opens it.", listed(carried))
}

func listed(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func (w want) has(code preflight.Code) bool {
	for _, c := range w.Because {
		if c.Code == code {
			return true
		}
	}
	return false
}

// needsOnly reports whether the preflight is about some headers and nothing else, and
// about the first of them at any rate.
func (w want) needsOnly(headers ...string) bool {
	first := false
	for _, c := range w.Because {
		known := false
		for _, h := range headers {
			known = known || c.Header == h
		}
		if !known {
			return false
		}
		first = first || c.Header == headers[0]
	}
	return first
}

func (w want) isJSON() bool {
	essence, _, _ := strings.Cut(w.ContentType, ";")
	return strings.EqualFold(strings.TrimSpace(essence), "application/json")
}
