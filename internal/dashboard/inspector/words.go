package inspector

import (
	"cmp"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// docs is where the reference is.
const docs = "https://github.com/crossgate/crossgate/blob/main/docs/reference/"

// A choice is one option of a field of the filter.
type choice struct{ Value, Name string }

// outcomes returns what can become of an exchange, in the order in which it is offered.
func outcomes() []choice {
	return []choice{
		{string(inspect.Allowed), "Allowed"},
		{string(inspect.Refused), "Refused"},
		{string(inspect.Observed), "Would be refused"},
		{string(inspect.Failed), "Failed"},
	}
}

// methods are those that are offered.
func methods() []string { return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} }

// A verdict is what became of an exchange, at a glance.
type verdict struct {
	Kind string // "good", "refused", "warning" or "note"
	Name string
}

func verdictOf(e *inspect.Exchange) verdict {
	switch {
	case e.Outcome == inspect.Refused:
		return verdict{"refused", "Refused"}
	case e.Outcome == inspect.Observed:
		return verdict{"warning", "Would be refused"}
	case e.Outcome == inspect.Failed:
		return verdict{"warning", "Failed"}
	case e.Verdict == inspect.VerdictNoOrigin, e.Verdict == inspect.VerdictNone:
		return verdict{"note", "No origin"}
	}
	return verdict{"good", "Allowed"}
}

// A reason is why an exchange ended as it did.
type reason struct {
	Code     gate.Code
	Title    string // a few words
	Detail   string // a sentence or two that say what to do, or ""
	Document string // address of its description, or ""
}

// reasonOf describes a code of the gateway. One that is not known is shown as it is.
func reasonOf(code gate.Code) reason {
	p := gate.ProblemOf(code)
	switch {
	case code == gate.OriginNotTrusted: // the gate speaks to the page's developer
		return reason{code, p.Title, "No Trusted Domain matches the origin of the page.", docs + "problems.md#" + string(code)}
	case p != nil:
		return reason{code, p.Title, p.Detail, docs + "problems.md#" + string(code)}
	}
	for _, r := range otherReasons() {
		if r.Code == code {
			return r
		}
	}
	return reason{Code: code, Title: cmp.Or(string(code), "No reason was given")}
}

// otherReasons are those of the gateway's own, which the gate has no problem for.
func otherReasons() []reason {
	problems := docs + "problems.md#"
	return []reason{
		{gate.ReasonTrusted, "Its origin is trusted", "", ""},
		{gate.ReasonOwn, "A page of the API’s own", "", ""},
		{gate.ReasonNoOrigin, "It names no origin", "No page of another site sent it: programs and the address bar of a browser send no Origin.", ""},
		{"upstream-unreachable", "The API could not be reached", "The gateway got no connection to it, or the connection broke before there was an answer.", problems + "upstream-unreachable"},
		{"upstream-timeout", "The API did not answer in time", "", problems + "upstream-timeout"},
		{"upstream-invalid", "The API’s answer cannot be passed on", "", problems + "upstream-invalid"},
		{"bad-request", "It could be read in two ways", "Requests that servers could read differently are refused before anything else.", problems + "bad-request"},
		{"headers-too-large", "Its headers are too large", "", problems + "headers-too-large"},
		{"not-found", "There is nothing of Crossgate at this address", "", problems + "not-found"},
		{"internal", "Something went wrong in the gateway", "The gateway’s log says more.", problems + "internal"},
		{"ticket", "A ticket was issued", "", ""},
		{"client", "The browser client was asked for", "", ""},
		{"health", "A health check", "", ""},
		{"client-gone", "The client went away before the end", "", ""},
		{"aborted", "The API’s answer broke off", "", ""},
	}
}

// refusals are the reasons that the filter offers: of what was not simply carried.
func refusals() []choice {
	codes := []gate.Code{
		gate.OriginNotTrusted, gate.OriginNull, gate.OriginMalformed, gate.MethodNotAllowed, gate.HeaderNotAllowed,
		gate.VirtualPreflight, gate.Navigation, gate.TokenMissing, gate.TokenUnknown, gate.TokenExpired, gate.TokenRevoked,
		gate.TokenNotForOrigin, gate.TokenScope, gate.TokenTwice, gate.TokenMalformed, gate.TicketUnsupported,
		gate.ControlMalformed, gate.OverrideOnGet, gate.HostUnknown, gate.PublicURLUnset, gate.MethodUnsupported,
		gate.BodyTooLarge, gate.BodyMalformed, gate.BodySlow, gate.RedirectBlocked, gate.NotReady,
		"bad-request", "headers-too-large", "upstream-unreachable", "upstream-timeout", "upstream-invalid", "internal", "client-gone", "aborted",
	}
	list := make([]choice, len(codes))
	for i, code := range codes {
		list[i] = choice{string(code), reasonOf(code).Title}
	}
	return list
}

// orShown adds a value that was asked for and is none of those offered, so that the form
// says what is shown.
func orShown(offered []choice, chosen string) []choice {
	if chosen == "" {
		return offered
	}
	for _, c := range offered {
		if c.Value == chosen {
			return offered
		}
	}
	return append(offered, choice{chosen, chosen})
}

// carrierName is what people call what a request was unwrapped from.
func carrierName(c inspect.Carrier) string {
	switch c {
	case inspect.Query:
		return "Token in the query"
	case inspect.Text:
		return "Text envelope"
	case inspect.Form:
		return "Form envelope"
	case inspect.Multipart:
		return "Multipart envelope"
	case inspect.Ordinary:
		return ""
	}
	return string(c)
}
