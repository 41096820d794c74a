package gate

import (
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/token"
)

// EnvelopeFields makes the fields of a request whose body is an envelope those of the
// request in it (rule 5): what describes the envelope as a body goes, the fields that
// it sets come in the place of those of the same name.
func EnvelopeFields(h Header, c *envelope.Controls) {
	for name := range h {
		if describesMessage(name) {
			delete(h, name)
		}
	}
	for _, f := range c.Fields {
		h[canonical(strings.ToLower(f.Name))] = []string{f.Value}
	}
	if c.ContentType != "" {
		h["Content-Type"] = []string{c.ContentType}
	}
}

// describesMessage reports whether a field, by its canonical name, is about the body
// that it came with (RFC 9110, section 8; RFC 9530) or about how that was sent.
func describesMessage(name string) bool {
	switch name {
	case "Digest", "Repr-Digest", "Transfer-Encoding", "Trailer", "Expect", "Upgrade":
		return true
	}
	return strings.HasPrefix(name, "Content-")
}

// EndsAtHead reports whether the answer ends with its head although the request that came
// is no HEAD: the one in its envelope is.
func (e *Edits) EndsAtHead() bool { return e.Envelope != nil && e.Envelope.Method == "HEAD" }

// EndHead takes out of the head of such an answer what says how long a body is, or how it
// is to be decoded: the empty one that follows would belie it.
func EndHead(h Header) {
	for _, name := range [...]string{"Content-Length", "Content-Encoding", "Transfer-Encoding"} {
		delete(h, name)
	}
}

// EnvelopeProblem is the refusal of an envelope in which a mistake was found after it
// had been planned with: further down in its body.
func EnvelopeProblem(f *envelope.Fault) *Problem {
	if f.TokenTwice {
		return ProblemOf(TokenTwice)
	}
	return problemWith(ControlMalformed, f.Detail)
}

// TicketFormProblem is the refusal of a request for a ticket whose body is no form.
func TicketFormProblem() *Problem {
	return problemWith(ControlMalformed, "Ask for a ticket with one Content-Type, application/x-www-form-urlencoded, and the access token in the body: access_token=….")
}

// TicketDocument is the answer to a request for a ticket, in JSON. A ticket's text
// needs no escaping.
func TicketDocument(ticket string) []byte {
	seconds := strconv.Itoa(int(token.TicketLife.Seconds()))
	return []byte(`{"ticket":"` + ticket + `","expires_in":` + seconds + "}\n")
}
