package gateway

import (
	"cmp"
	"net/http"

	"github.com/crossgate/crossgate/internal/gate"
)

// The problems that are found here rather than by the rules.
var (
	problemMethod = &gate.Problem{
		Status: http.StatusMethodNotAllowed, Code: gate.MethodUnsupported, Title: "This method is not served",
		Detail: "CONNECT and TRACE are not passed on.",
	}
	problemHeaders = &gate.Problem{
		Status: http.StatusRequestHeaderFieldsTooLarge, Code: "headers-too-large", Title: "Too many request headers",
		Detail: "At most 128 fields and 32 KiB of them are taken. Cookies are the usual cause: delete some.",
	}
	problemNotFound = &gate.Problem{
		Status: http.StatusNotFound, Code: "not-found", Title: "There is nothing here",
		Detail: "Paths below /.crossgate/ belong to the gateway, and it serves no such path.",
	}
	problemNotReady = &gate.Problem{
		Status: http.StatusServiceUnavailable, Code: "not-ready", Title: "The gateway is not ready",
		Detail: "It has no settings yet or is about to stop. Try again in a moment.",
	}
	problemUnreachable = &gate.Problem{
		Status: http.StatusBadGateway, Code: "upstream-unreachable", Title: "The API cannot be reached",
		Detail: "The gateway could not connect to the API behind it, or the API closed the connection without an answer. The gateway's log says more.",
	}
	problemTimeout = &gate.Problem{
		Status: http.StatusGatewayTimeout, Code: "upstream-timeout", Title: "The API did not answer in time",
		Detail: "The gateway gave up waiting for the API behind it.",
	}
	problemInvalid = &gate.Problem{
		Status: http.StatusBadGateway, Code: "upstream-invalid", Title: "The API's answer is not valid",
		Detail: "What the API answered is not valid HTTP, or no valid WebSocket handshake, and was not passed on.",
	}
	problemInternal = &gate.Problem{
		Status: http.StatusInternalServerError, Code: "internal", Title: "The gateway failed",
		Detail: "This is a fault of the gateway. Its log says more.",
	}
)

// malformed is a request that servers could read in more than one way.
func malformed(detail string) *gate.Problem {
	return &gate.Problem{Status: http.StatusBadRequest, Code: "bad-request", Title: "The request is malformed", Detail: detail}
}

// refusal is a problem as an error, for the hooks of the proxy that return one.
type refusal struct{ problem *gate.Problem }

func (r refusal) Error() string { return string(r.problem.Code) }

// refuse answers with a problem (RFC 9457). It carries the CORS fields for a trusted
// origin, so that the page can read it, however early the way ended.
func (x *exchange) refuse(p *gate.Problem) {
	x.reason = p.Code
	if !x.judged {
		x.judgeForAnswer()
	}
	x.edits.Problem = p
	if gate.CarriesToken(x.r.URL.RawQuery) {
		x.edits.Carrier = gate.Query // however early the way ended: nothing ambient in the answer
	}
	h := x.w.Header()
	clear(h)
	x.dress(h)
	h["Crossgate-Reason"] = []string{string(p.Code)}
	h["Content-Type"] = []string{"application/problem+json"}
	h["Content-Length"] = []string{p.Length()}
	h["Cache-Control"] = []string{"no-store"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Referrer-Policy"] = []string{"no-referrer"} // the address may hold a token
	x.explainStatus(h, p)
	x.w.WriteHeader(p.Status)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write(p.JSON()) // the client is gone, or it has it
	}
}

// judgeForAnswer finds out, for a request that was refused before it was judged,
// whether its page may read the answer.
func (x *exchange) judgeForAnswer() {
	current := x.g.cfg.Snapshot.Load()
	if current == nil || current.Default == nil || current.Default.Gate == nil {
		return
	}
	x.site, _ = current.Find(x.host(), x.path)
	x.facts = x.findFacts()
	x.verdict = gate.Judge(x.site.Gate, &x.facts)
	x.judged = true
}

// explainStatus adds the fields that go with certain statuses.
func (x *exchange) explainStatus(h http.Header, p *gate.Problem) {
	switch p.Status {
	case http.StatusUnauthorized:
		h["Www-Authenticate"] = []string{p.Challenge()}
	case http.StatusMethodNotAllowed:
		h["Allow"] = []string{cmp.Or(x.allow, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")}
	case http.StatusServiceUnavailable:
		h["Retry-After"] = []string{"1"}
	}
}
