package gate

import (
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// MaxTicketForm is the longest body of a request for a ticket, in bytes.
const MaxTicketForm = 16 << 10

// verifyTicket finds the grant of the token that a ticket stands for. A ticket stands
// in a query and nowhere else.
func (e *Edits) verifyTicket(s *Site, f *Facts, secret string, use token.Use) (*token.Grant, token.Use, Code) {
	if e.Carrier != Query && e.Carrier != Text {
		return nil, use, TokenUnknown
	}
	t, err := s.tickets.Open(secret)
	if err != nil || t.Site != s.name {
		return nil, use, TokenUnknown
	}
	if denial := t.Judge(use, f.Upgrade, f.cameAt()); denial != token.Allowed {
		return nil, use, Code(denial)
	}
	if use.Origin.IsZero() && !t.Origin.IsZero() && !s.stillTrusts(t.Origin, f.Now) {
		return nil, use, TokenNotForOrigin
	}
	e.ticket = t
	grant, code := s.grant(t.Token)
	return grant, asToken(t, use), code
}

// asToken is a use of a ticket as one of the token that it stands for.
func asToken(t *token.Ticket, use token.Use) token.Use {
	if use.Origin.IsZero() { // an image: whoever asked for the ticket answers for it
		use.Origin = t.Origin
	}
	use.InQuery = false // what a token's owner says of queries is about the token itself
	return use
}

// stillTrusts reports whether an origin is trusted, or the site's own.
func (s *Site) stillTrusts(o trust.Origin, now time.Time) bool {
	if slices.Contains(s.own, o) {
		return true
	}
	entry, _ := s.trusted.MatchHeader(o.String(), now)
	return entry != nil
}

// A TicketRequest is what a page asks for at /.crossgate/ticket.
type TicketRequest struct {
	secret     string
	target     string   // url: path and query
	methods    []string // nil: GET and HEAD
	pathPrefix string
	websocket  bool
}

// ReadTicketRequest reads the form of a request for a ticket: access_token, and where
// they are wanted url, method (more than once), path_prefix and websocket=1.
func ReadTicketRequest(form string) (TicketRequest, *Problem) {
	var r TicketRequest
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(form, "&") {
		rawKey, rawValue, _ := strings.Cut(pair, "=")
		key, ok1 := formDecode(rawKey)
		value, ok2 := formDecode(rawValue)
		switch {
		case !ok1 || !ok2:
			return r, problemWith(ControlMalformed, "A percent code of the form is broken.")
		case seen[key] && key == tokenKey:
			return r, ProblemOf(TokenTwice)
		case seen[key] && key != "method":
			return r, problemWith(ControlMalformed, "A field of the form is there twice; only method may be.")
		}
		seen[key] = true
		if detail := r.take(key, value); detail != "" {
			return r, problemWith(ControlMalformed, detail)
		}
	}
	if !seen[tokenKey] {
		return r, ProblemOf(TokenMissing)
	}
	return r, nil
}

// take takes one field of the form, or says what is wrong with it.
func (r *TicketRequest) take(key, value string) string {
	switch key {
	case tokenKey:
		r.secret = withoutBearer(value)
	case "url":
		if !strings.HasPrefix(value, "/") || strings.HasPrefix(value, "//") || strings.ContainsAny(value, "#\\") || CarriesToken(queryOf(value)) {
			return "url must be a path of this API, with its query and without a token, for example /files/7?size=2."
		}
		r.target = value
	case "method":
		r.methods = append(r.methods, value)
	case "path_prefix":
		if !token.IsPlainPath(value) {
			return "path_prefix must be a path without dot segments, for example /files."
		}
		r.pathPrefix = value
	case "websocket":
		if value != "1" {
			return "websocket is 1, or left out."
		}
		r.websocket = true
	default:
		return "The form of a ticket has the fields access_token, url, method, path_prefix and websocket."
	}
	return ""
}

func queryOf(target string) string {
	_, query, _ := strings.Cut(target, "?")
	return query
}

// IssueTicket makes a ticket for the page, or the server, that asks, of an access token
// of Crossgate's that is of use to it.
func IssueTicket(s *Site, f *Facts, v Verdict, r TicketRequest) (text string, p *Problem) {
	if code := s.mayAsk(f, v, r); code != "" {
		return "", ProblemOf(code)
	}
	tok, err := token.Parse(r.secret)
	if err != nil {
		return "", ProblemOf(TokenUnknown)
	}
	grant, code := s.grant(tok.Digest())
	if code != "" {
		return "", ProblemOf(code)
	}
	t, detail := s.ticketFor(r, tok.Digest(), f.Now)
	if detail != "" {
		return "", problemWith(ControlMalformed, detail)
	}
	use := token.Use{Method: t.Methods[0], Path: "/", Now: f.Now}
	if v.Kind != NoOrigin {
		use.Origin, _ = trust.ParseOrigin(f.Origin) // null stays zero: no origin
	}
	t.Origin = use.Origin
	if t.Origin.IsZero() && t.Target == (token.Digest{}) {
		return "", problemWith(ControlMalformed, "A ticket is bound to the page's origin, and this request has none: ask with url= for one that is bound to an address.")
	}
	if denial := grant.JudgeHolder(use); denial != token.Allowed {
		return "", ProblemOf(Code(denial))
	}
	text, err = s.tickets.Mint(t, f.Now)
	switch {
	case err == nil:
		return text, nil
	case s.tickets == nil || err == token.ErrNoTicketKey: //nolint:errorlint // returned bare
		return "", ProblemOf(NotReady)
	}
	return "", problemWith(ControlMalformed, "The ticket would be too long: ask for fewer methods or a shorter path_prefix.")
}

// mayAsk checks who asks for a ticket, and with what.
func (s *Site) mayAsk(f *Facts, v Verdict, r TicketRequest) Code {
	switch {
	case v.Kind == Refused, v.Kind == Exempt, v.Kind == Observed:
		return v.Reason
	case f.Authorizations > 0 || CarriesToken(f.RawQuery):
		return TokenTwice
	case !f.isScripted(), v.Kind == NoOrigin && f.fromBrowser():
		return Navigation
	case !isTokenText(r.secret):
		return TokenMalformed
	case strings.HasPrefix(r.secret, token.AccessPrefix):
		return ""
	case token.IsOurs(r.secret), hidesOurs(r.secret):
		return TokenUnknown // neither a ticket nor a key can make one
	}
	return TicketUnsupported
}

// ticketFor is the ticket that is asked for, but for its origin, or what is wrong with it.
func (s *Site) ticketFor(r TicketRequest, d token.Digest, now time.Time) (t token.Ticket, detail string) {
	t = token.Ticket{
		Token: d, Site: s.name, Expires: now.Add(token.TicketLife), Methods: r.methods,
		PathPrefix: r.pathPrefix, WebSocket: r.websocket,
	}
	if t.Methods == nil {
		t.Methods = []string{"GET", "HEAD"}
	}
	for _, m := range t.Methods {
		if !s.grantsMethod(m) && m != "HEAD" {
			return t, "The API's policy does not grant a method that the ticket is to be for."
		}
	}
	if r.websocket && !slices.Contains(t.Methods, "GET") {
		return t, "A WebSocket begins with a GET: add method=GET."
	}
	if r.target == "" {
		return t, ""
	}
	if r.websocket || r.methods != nil {
		return t, "A ticket with a url is for GET and HEAD of that address alone: leave websocket and method out."
	}
	path, query, _ := strings.Cut(r.target, "?")
	t.Target = token.TargetDigest(path, query)
	return t, ""
}
