package crossgate

import (
	"io"
	"net/http"
	"strconv"

	"github.com/crossgate/crossgate/client"
	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/internal/gate"
)

// isOwn reports whether a path is the gate's own, and not the handler's.
func (g *Gate) isOwn(path string) bool {
	switch name := gate.OwnName(path); name {
	case "":
		return false
	case gate.TicketName:
		return g.tickets != nil
	default:
		_, ok := client.Find(name)
		return ok && g.cfg.ServeClient
	}
}

// serveOwn answers a request for what is the gate's own. No policy stands in its way:
// the origin is trusted, and pages cannot do without.
func (g *Gate) serveOwn(s *gate.Site, w http.ResponseWriter, r *http.Request, f *gate.Facts, v gate.Verdict) {
	e := gate.Edits{}
	var answer http.Handler
	if gate.OwnName(r.URL.Path) == gate.TicketName {
		e.Carrier = gate.Form // nothing ambient in the answer
		answer, e.Problem = issueTicket(s, r, f, v)
	} else {
		answer, e.Problem = findScript(r)
	}
	g.observe(r, f, v, e.Problem)
	settled := gate.Settle(s, v, &e)
	if e.Problem != nil {
		if e.Problem.Status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", allowedAt(r.URL.Path))
		}
		refuse(w, settled, e.Problem)
		return
	}
	settled.Apply(w.Header())
	answer.ServeHTTP(w, r)
}

func allowedAt(path string) string {
	if gate.OwnName(path) == gate.TicketName {
		return "POST"
	}
	return "GET, HEAD"
}

// findScript finds the script that is asked for.
func findScript(r *http.Request) (http.Handler, *gate.Problem) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, gate.ProblemOf(gate.MethodUnsupported)
	}
	script, _ := client.Find(gate.OwnName(r.URL.Path)) // isOwn has found it
	return script, nil
}

// issueTicket makes a ticket of the access token in a form.
func issueTicket(s *gate.Site, r *http.Request, f *gate.Facts, v gate.Verdict) (http.Handler, *gate.Problem) {
	if r.Method != http.MethodPost {
		return nil, gate.ProblemOf(gate.MethodUnsupported)
	}
	form, p := readTicketForm(r)
	if p != nil {
		return nil, p
	}
	request, p := gate.ReadTicketRequest(form)
	if p != nil {
		return nil, p
	}
	ticket, p := gate.IssueTicket(s, f, v, request)
	if p != nil {
		return nil, p
	}
	return ticketAnswer(ticket), nil
}

// readTicketForm reads a body that is an urlencoded form, and short.
func readTicketForm(r *http.Request) (string, *gate.Problem) {
	if !mayHoldEnvelope(r) || envelope.KindOf(r.Header["Content-Type"][0]) != envelope.Form {
		return "", gate.TicketFormProblem()
	}
	form, err := io.ReadAll(io.LimitReader(r.Body, gate.MaxTicketForm+1))
	switch {
	case err != nil:
		return "", problemOfBody(err)
	case len(form) > gate.MaxTicketForm:
		return "", gate.ProblemOf(gate.BodyTooLarge)
	}
	return string(form), nil
}

// A ticketAnswer is a ticket's text, to be answered.
type ticketAnswer string

func (t ticketAnswer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	document := gate.TicketDocument(string(t))
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(document)))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(document) // the page is gone, or it has it
}
