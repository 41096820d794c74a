package gateway

import (
	"io"
	"net/http"
	"strconv"

	"github.com/crossgate/crossgate/client"
	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/internal/gate"
)

// answerOwn answers what is the gateway's own. No policy stands in its way: the origin
// is trusted, and pages cannot do without.
func (x *exchange) answerOwn() *gate.Problem {
	x.ours = true
	if x.facts.IsPreflight() {
		if p := x.plan(); p != nil {
			return p
		}
	}
	if x.edits.Preflighted {
		x.answerPreflight()
		return nil
	}
	name := gate.OwnName(x.r.URL.Path)
	if name == gate.TicketName {
		return x.answerTicket()
	}
	script, ok := client.Find(name)
	if !ok {
		return problemNotFound
	}
	return x.answerScript(script)
}

// answerTicket makes a ticket of an access token.
func (x *exchange) answerTicket() *gate.Problem {
	x.edits.Carrier = gate.Form // nothing ambient in the answer
	if x.r.Method != http.MethodPost {
		return x.refuseMethod("POST")
	}
	form, p := x.readTicketForm()
	if p != nil {
		return p
	}
	request, p := gate.ReadTicketRequest(form)
	if p != nil {
		return p
	}
	ticket, p := gate.IssueTicket(x.site.Gate, &x.facts, x.verdict, request)
	if p != nil {
		return p
	}
	x.reason = reasonTicket
	document := gate.TicketDocument(ticket)
	h := x.w.Header()
	x.dress(h)
	h["Content-Type"] = []string{"application/json"}
	h["Content-Length"] = []string{strconv.Itoa(len(document))}
	h["Cache-Control"] = []string{"no-store"}
	x.w.WriteHeader(http.StatusOK)
	_, _ = x.w.Write(document) // the client is gone, or it has it
	return nil
}

// readTicketForm reads a body that is an urlencoded form, and short.
func (x *exchange) readTicketForm() (string, *gate.Problem) {
	if !mayHoldEnvelope(x.r.Header) || envelope.KindOf(x.r.Header["Content-Type"][0]) != envelope.Form {
		return "", gate.TicketFormProblem()
	}
	if p := x.limitBody(gate.MaxTicketForm); p != nil {
		return "", p
	}
	form, err := io.ReadAll(x.r.Body)
	if err != nil {
		return "", x.body.problem()
	}
	return string(form), nil
}

// answerScript answers with the browser client.
func (x *exchange) answerScript(s client.Script) *gate.Problem {
	if !isSafe(x.r.Method) {
		return x.refuseMethod("GET, HEAD")
	}
	x.reason = reasonClient
	x.dress(x.w.Header())
	s.ServeHTTP(&x.w, x.r)
	return nil
}

// refuseMethod refuses a method that a resource of ours does not have.
func (x *exchange) refuseMethod(allow string) *gate.Problem {
	x.allow = allow
	return gate.ProblemOf(gate.MethodUnsupported)
}
