package gate

import (
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// A Carrier says where a request's access token was.
type Carrier uint8

// The carriers of the protocol.
const (
	Ordinary  Carrier = iota // in Authorization, or there is none
	Query                    // in the query, as access_token
	Text                     // in the query, with a text/plain body that stands for JSON
	Form                     // in an urlencoded body, with the whole of another request
	Multipart                // in a multipart body, with the whole of another request
)

// Edits are what is changed of a request on its way to the upstream, or the answer
// that it gets here instead.
type Edits struct {
	Problem     *Problem  // not nil: answer this and carry nothing
	Preflighted bool      // answer Preflight and carry nothing
	Preflight   Preflight // where Preflighted

	Carrier             Carrier
	Query               string // to send, where QueryEdited
	QueryEdited         bool
	Referer             string // to send, where RefererEdited; "" removes the field
	RefererEdited       bool
	Authorization       string // to send, where AuthorizationEdited; "" removes the field
	AuthorizationEdited bool
	ContentType         string             // to send instead of the request's, or ""
	Envelope            *envelope.Controls // not nil: send its method, fields, content type and body
	DropCookie          bool               // send neither Cookie nor a client certificate's identity
	Grant               *token.Grant       // of the verified access token, or nil

	ticket *token.Ticket // that stood for the token of Grant, or nil
	detail string        // of the problem, where there is more to say than its code does
}

// Unwrapped reports whether the request was turned into another one: then nothing
// ambient goes up, and no cookie comes down.
func (e *Edits) Unwrapped() bool { return e.Carrier != Ordinary }

// Method is the method that the upstream sees of a request: its own, or that in its
// envelope.
func (e *Edits) Method(own string) string {
	if e.Envelope == nil {
		return own
	}
	return e.Envelope.Method
}

// Plan decides on everything but the origin, in the order of the protocol's rules,
// and says what to change on the way up, or what to answer. The controls are those of
// the envelope that the body is, or nil.
func Plan(s *Site, f *Facts, v Verdict, c *envelope.Controls) Edits {
	if v.Kind == Refused {
		return refuse(v.Reason)
	}
	if f.IsPreflight() && (v.Kind == Trusted || v.Kind == Own) {
		return answerPreflight(s, f)
	}
	e := Edits{}
	secret, code := e.unwrap(s, f, v, c)
	if code == "" {
		code = e.checkPolicy(s, f, v)
	}
	if code == "" {
		code = e.checkToken(s, f, v, secret)
	}
	if code != "" {
		e.Problem = problemWith(code, e.detail) // the carrier stays known: it decides what the answer may have
		return e
	}
	e.Referer, e.RefererEdited = scrubReferer(f.Referer)
	e.DropCookie = e.Unwrapped() || dropsCookie(s, f, v)
	return e
}

func refuse(code Code) Edits { return Edits{Problem: ProblemOf(code)} }

func answerPreflight(s *Site, f *Facts) Edits {
	answer, code := s.preflight(f)
	if code != "" {
		return refuse(code)
	}
	return Edits{Preflighted: true, Preflight: answer}
}

// unwrap finds the token and the carrier (rules 1, 3, 6, 7 and 8). The secret is
// the token, wherever it was, or "".
func (e *Edits) unwrap(s *Site, f *Facts, v Verdict, c *envelope.Controls) (secret string, code Code) {
	if f.Authorizations > 1 {
		return "", TokenTwice
	}
	if c != nil {
		return e.unwrapEnvelope(s, f, v, c)
	}
	if f.RawQuery != "" {
		secret, code = e.unwrapQuery(s, f, v)
		if e.Carrier != Ordinary || code != "" {
			return secret, code
		}
	}
	return credential(f.Authorization), ""
}

// unwrapQuery is unwrap for a request with a query.
func (e *Edits) unwrapQuery(s *Site, f *Facts, v Verdict) (secret string, code Code) {
	t := cutToken(f.RawQuery)
	asItIs := v.Kind == Exempt || v.Kind == Observed
	switch {
	case asItIs && (t.found || t.bad) && (v.Kind == Observed || mentionsOurs(f.RawQuery)):
		return "", v.Reason // unwrapping stays enforced, and our tokens are never forwarded
	case asItIs:
		return "", ""
	case hasOverride(f.RawQuery):
		if t.found || t.bad {
			e.Carrier = Query // nothing ambient in the answer, either
		}
		return "", OverrideOnGet
	case !t.found && !t.bad:
		return "", ""
	case !s.policy.QueryCarrier.Takes(f.Method):
		if mentionsOurs(f.RawQuery) {
			return "", TokenMissing
		}
		return "", "" // the API's own parameter
	}
	e.Carrier = Query
	switch {
	case t.bad || !isTokenText(t.value):
		return "", TokenMalformed
	case f.Authorizations > 0:
		return "", TokenTwice
	}
	e.Query, e.QueryEdited = t.rest, true
	e.Authorization, e.AuthorizationEdited = "Bearer "+t.value, true
	return t.value, e.chooseCarrier(f, v)
}

// chooseCarrier tells the query carrier from the text carrier, and refuses what an
// HTML form or a beacon could have sent.
func (e *Edits) chooseCarrier(f *Facts, v Verdict) Code {
	if f.Method != "POST" {
		return ""
	}
	if !f.isScripted() {
		return Navigation
	}
	if f.ContentTypes != 1 || !isPlainText(f.ContentType) {
		return ""
	}
	if v.Kind == NoOrigin && f.fromBrowser() {
		return Navigation
	}
	e.Carrier = Text
	e.ContentType = "application/json"
	return ""
}

// isPlainText reports whether a content type is text/plain, bare or in UTF-8: what
// fetch labels a string with.
func isPlainText(contentType string) bool {
	essence, parameter, found := strings.Cut(contentType, ";")
	if !strings.EqualFold(strings.Trim(essence, " \t"), "text/plain") {
		return false
	}
	parameter = strings.Trim(parameter, " \t")
	return !found || strings.EqualFold(parameter, "charset=utf-8") || strings.EqualFold(parameter, `charset="utf-8"`)
}

// isTokenText reports whether a token can stand in an Authorization field:
// visible ASCII, at least one character (RFC 9110, section 5.5).
func isTokenText(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

// mentionsOurs reports whether a query could hold one of Crossgate's own secrets in
// a key that some server reads as access_token.
func mentionsOurs(query string) bool {
	text, _ := formDecode(query)
	return strings.Contains(text, token.AccessPrefix) ||
		strings.Contains(text, token.TicketPrefix) || strings.Contains(text, token.KeyPrefix)
}

// credential returns what follows "Bearer" in an Authorization field, or the whole
// field where it has another scheme or none (RFC 6750, section 2.1).
func credential(authorization string) string {
	const scheme = "bearer "
	if len(authorization) < len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) {
		return authorization
	}
	return strings.TrimLeft(authorization[len(scheme):], " ")
}

// hidesOurs reports whether one of Crossgate's secrets stands somewhere within a
// credential of another make. There it would be forwarded, which it never is.
func hidesOurs(credential string) bool {
	for i := range len(credential) - len(token.AccessPrefix) {
		if credential[i] == 'c' && token.IsOurs(credential[i:]) && (i == 0 || !preflight.IsTokenByte(credential[i-1])) {
			return true
		}
	}
	return false
}

// checkPolicy asks whether the site's policy grants the request to another origin
// (rule 4): an unwrapped one only if the preflight that it avoided would have been
// granted.
func (e *Edits) checkPolicy(s *Site, f *Facts, v Verdict) Code {
	switch {
	case e.Envelope != nil:
		return e.checkEnveloped(s)
	case e.Unwrapped():
		if !s.grantsUnwrapped(f.Method, e.Carrier) {
			return VirtualPreflight
		}
		return ""
	}
	if v.Kind == Trusted && f.Method != "OPTIONS" && !slices.Contains(s.policy.Methods, f.Method) {
		return MethodNotAllowed
	}
	return ""
}

// grantsUnwrapped is the virtual preflight: the method, and the headers that the
// ordinary request would have had.
func (s *Site) grantsUnwrapped(method string, c Carrier) bool {
	headers := "authorization"
	if c == Text {
		headers = "authorization,content-type"
	}
	return s.grantsMethod(method) && s.grantsHeaders(headers)
}

// grantsMethod reports whether an unwrapped request may have a method (rule 6).
func (s *Site) grantsMethod(method string) bool {
	switch method {
	case "CONNECT", "TRACE", "OPTIONS":
		return false
	}
	return slices.Contains(s.policy.Methods, method)
}

// checkToken verifies what is Crossgate's, and passes on what is the API's own.
func (e *Edits) checkToken(s *Site, f *Facts, v Verdict, secret string) Code {
	switch {
	case secret == "" && s.policy.TokenRequired && !f.IsPreflight():
		return TokenMissing
	case secret == "":
		return ""
	case !token.IsOurs(secret) && hidesOurs(secret):
		return TokenUnknown
	case !token.IsOurs(secret):
		return ""
	}
	grant, use, code := e.verify(s, f, v, secret)
	if code != "" {
		return code
	}
	if denial := grant.Judge(use); denial != token.Allowed {
		return Code(denial)
	}
	if grant.Domains != nil && (v.Kind == Exempt || v.Kind == Observed) {
		return TokenNotForOrigin
	}
	if s.sealed {
		return NotReady
	}
	e.Grant = grant
	e.Authorization, e.AuthorizationEdited = s.credential, true
	return ""
}

// verify finds the grant of an access token, or of the one that a ticket stands for,
// and the use that it is to be judged by. Management keys are known by their prefix and
// are no access tokens.
func (e *Edits) verify(s *Site, f *Facts, v Verdict, secret string) (*token.Grant, token.Use, Code) {
	use := e.use(f, v)
	if strings.HasPrefix(secret, token.TicketPrefix) {
		return e.verifyTicket(s, f, secret, use)
	}
	tok, err := token.Parse(secret)
	if err != nil {
		return nil, use, TokenUnknown
	}
	grant, code := s.grant(tok.Digest())
	return grant, use, code
}

// grant finds what an access token allows.
func (s *Site) grant(d token.Digest) (*token.Grant, Code) {
	if s.grants == nil {
		return nil, TokenUnknown
	}
	grant, ok := s.grants.Grant(d)
	if !ok {
		return nil, TokenUnknown
	}
	return grant, ""
}

// use is the request as the upstream will see it: scope is judged on that.
func (e *Edits) use(f *Facts, v Verdict) token.Use {
	inQuery := e.Carrier == Query || e.Carrier == Text
	u := token.Use{Method: e.Method(f.Method), Path: f.Path, RawQuery: f.RawQuery, InQuery: inQuery, Now: f.Now}
	if e.QueryEdited {
		u.RawQuery = e.Query
	}
	if v.Kind == Trusted || v.Kind == Own {
		u.Origin, _ = trust.ParseOrigin(f.Origin) // null stays zero: no origin
	}
	return u
}

// dropsCookie reports whether a request must not carry cookies upstream: it comes
// from another origin, or another site embeds it, and credentials are off or the
// origin is one that cannot be held to be whom it says.
func dropsCookie(s *Site, f *Facts, v Verdict) bool {
	switch v.Kind {
	case Own, Observed:
		return false
	case NoOrigin:
		return f.FetchSite == "cross-site" && f.FetchMode != "navigate" && !s.policy.Credentials
	case Trusted:
		return !s.sharesCredentials(v)
	}
	return !s.policy.Credentials
}

// sharesCredentials reports whether credentials are on, for an origin that may
// have them.
func (s *Site) sharesCredentials(v Verdict) bool {
	if !s.policy.Credentials || v.Kind != Trusted {
		return false
	}
	o, err := trust.ParseOrigin(v.Origin)
	return err == nil && o.IsSecure()
}
