package gate

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// A Code is the stable name of a verdict or a refusal: the "code" of a problem
// document and the value of the Crossgate-Reason header.
type Code string

// The codes of verdicts that let a request pass.
const (
	ReasonNoOrigin Code = "no-origin"
	ReasonOwn      Code = "own-origin"
	ReasonTrusted  Code = "trusted"
)

// The codes of refusals.
const (
	OriginNotTrusted Code = "origin-not-trusted"
	OriginMalformed  Code = "origin-malformed"
	OriginNull       Code = "origin-null"

	TokenTwice       Code = "token-twice"
	TokenMalformed   Code = "token-malformed"
	ControlMalformed Code = "control-malformed"
	OverrideOnGet    Code = "override-on-get"

	TicketUnsupported Code = "ticket-unsupported"

	TokenMissing      Code = "token-missing"
	TokenUnknown      Code = "token-unknown"
	TokenExpired      Code = "token-expired"
	TokenRevoked      Code = "token-revoked"
	TokenNotForOrigin Code = "token-not-for-origin"
	TokenScope        Code = "token-scope"

	MethodNotAllowed Code = "method-not-allowed"
	HeaderNotAllowed Code = "header-not-allowed"
	VirtualPreflight Code = "virtual-preflight"
	Navigation       Code = "navigation"

	HostUnknown    Code = "host-unknown"
	PublicURLUnset Code = "public-url-unset"
	PathUnknown    Code = "path-unknown"
	PathAmbiguous  Code = "path-ambiguous"

	MethodUnsupported Code = "method-unsupported"

	BodyTooLarge  Code = "body-too-large"
	BodyMalformed Code = "body-malformed"
	BodySlow      Code = "body-slow"

	RedirectBlocked Code = "redirect-blocked"

	NotReady Code = "not-ready"
)

// A Problem is a refusal, ready to be written as a problem document (RFC 9457). Its
// Detail says what to do, and holds nothing of a token or of the list.
type Problem struct {
	Status int // HTTP status code
	Code   Code
	Title  string
	Detail string

	document []byte // JSON and its length made beforehand, where they are
	length   string
}

// problems are made beforehand: refusing costs no allocation.
var problems = func() map[Code]*Problem {
	all := map[Code]*Problem{}
	for _, p := range []Problem{
		{Status: http.StatusForbidden, Code: OriginNotTrusted, Title: "This origin is not trusted", Detail: "The page's origin is not on the API's list of Trusted Domains. Ask the API's owner to add it under Settings › Security."},
		{Status: http.StatusForbidden, Code: OriginMalformed, Title: "This is not an origin", Detail: "The request must have exactly one Origin field with one origin as a browser writes it, such as https://app.example.com."},
		{Status: http.StatusForbidden, Code: OriginNull, Title: "The origin null is not trusted", Detail: "Sandboxed frames, local files and redirects between sites have the origin null, which any page can have. Serve the page from a domain, and let it call the API's final address."},

		{Status: http.StatusBadRequest, Code: TokenTwice, Title: "More than one access token", Detail: "Send the access token in one place only: the Authorization field, or once as access_token in the query or in the body."},
		{Status: http.StatusBadRequest, Code: TokenMalformed, Title: "The access token cannot be read", Detail: "Send access_token once, spelled so, separated by &, its value percent-encoded and of visible ASCII characters."},
		{Status: http.StatusBadRequest, Code: ControlMalformed, Title: "The control fields cannot be read", Detail: "See the description of the request's carrier for the fields and their order."},
		{Status: http.StatusBadRequest, Code: OverrideOnGet, Title: "A method cannot be overridden here", Detail: "$httpMethod belongs into the body of a POST. Take it out of the query."},

		{Status: http.StatusBadRequest, Code: TicketUnsupported, Title: "There are no tickets for this token", Detail: "Tickets stand for Crossgate's own access tokens (cgt_…) alone. Send this API's own token in an envelope, or ask the API's owner for one of Crossgate's."},

		{Status: http.StatusUnauthorized, Code: TokenMissing, Title: "An access token is missing", Detail: "This API takes no such request without an access token, or does not take one in the query. Send it in the Authorization field, as Bearer, or as access_token in an envelope."},
		{Status: http.StatusUnauthorized, Code: TokenUnknown, Title: "The access token is not known", Detail: "Check that the token was copied whole, or ask for a new one."},
		{Status: http.StatusUnauthorized, Code: TokenExpired, Title: "The access token has expired", Detail: "Ask for a new one."},
		{Status: http.StatusUnauthorized, Code: TokenRevoked, Title: "The access token was revoked", Detail: "Ask for a new one."},
		{Status: http.StatusForbidden, Code: TokenNotForOrigin, Title: "The access token is not for this origin", Detail: "The token is bound to Trusted Domains, and the request does not come from a page of one of them."},
		{Status: http.StatusForbidden, Code: TokenScope, Title: "The access token does not cover this", Detail: "The token is limited to other methods or paths than this request's, or may not be sent in the query."},

		{Status: http.StatusForbidden, Code: MethodNotAllowed, Title: "This method is not granted to other origins", Detail: "The API's policy does not list the method for pages of other origins."},
		{Status: http.StatusForbidden, Code: HeaderNotAllowed, Title: "A header is not granted to other origins", Detail: "The API's policy does not list one of the request headers that the page wants to send, or there are too many."},
		{Status: http.StatusForbidden, Code: VirtualPreflight, Title: "The preflight would not have been granted", Detail: "This request stands for one that the API's policy does not grant to the page: its method, or one of its headers."},
		{Status: http.StatusForbidden, Code: Navigation, Title: "Forms and beacons cannot carry an access token", Detail: "Only fetch and XMLHttpRequest may send an access token with POST. Send the request by script."},

		{Status: http.StatusMisdirectedRequest, Code: HostUnknown, Title: "This host is not served here", Detail: "The Host of the request, with its port, is none of the configured public URLs."},
		{Status: http.StatusMisdirectedRequest, Code: PublicURLUnset, Title: "The public URL is not configured", Detail: "Start the gateway with --public-url and the URL that browsers use, for example --public-url https://api.example.com."},
		{Status: http.StatusNotFound, Code: PathUnknown, Title: "No API is served at this path", Detail: "There are APIs at other paths of this host. Look at the path that the address of the API begins with."},
		{Status: http.StatusBadRequest, Code: PathAmbiguous, Title: "The path can be read in more than one way", Detail: "Several APIs share this host, told apart by path. Send the path without dot segments, empty segments, backslashes and semicolons, and without percent codes for these, for slashes, or for what needs none."},

		{Status: http.StatusMethodNotAllowed, Code: MethodUnsupported, Title: "This method is not served", Detail: "Of what there is below /.crossgate/, each has its own methods: see the field Allow of this answer."},

		{Status: http.StatusRequestEntityTooLarge, Code: BodyTooLarge, Title: "The request body is too large", Detail: "Send less at once."},
		{Status: http.StatusBadRequest, Code: BodyMalformed, Title: "The request body cannot be read", Detail: "Its chunks are malformed, or it ended before its Content-Length."},
		{Status: http.StatusRequestTimeout, Code: BodySlow, Title: "The request body came too slowly", Detail: "Try again over a better connection."},

		{Status: http.StatusBadGateway, Code: RedirectBlocked, Title: "The API redirects this request", Detail: "A browser that followed would repeat the body with its token, or lose it. Call the address that the API redirects to."},

		{Status: http.StatusServiceUnavailable, Code: NotReady, Title: "The gateway is not ready", Detail: "It cannot serve requests with an access token at present. Its log says more."},
	} {
		p.document = p.JSON()
		p.length = strconv.Itoa(len(p.document))
		all[p.Code] = &p
	}
	return all
}()

// typeBase is where the codes are described; with a code behind it, it is the
// "type" of a problem document.
const typeBase = "https://github.com/crossgate/crossgate/blob/main/docs/reference/problems.md#"

// JSON returns the problem document (RFC 9457, section 3.1).
// It is not to be changed.
func (p *Problem) JSON() []byte {
	if p.document != nil {
		return p.document
	}
	text, err := json.Marshal(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
		Code   Code   `json:"code"`
	}{typeBase + string(p.Code), p.Title, p.Status, p.Detail, p.Code})
	if err != nil {
		panic(err) // five strings and a number always marshal
	}
	return append(text, '\n')
}

// ProblemOf returns the refusal with a code of this package. It is not to be changed.
func ProblemOf(code Code) *Problem { return problems[code] }

// problemWith is ProblemOf with a detail that says more, or "".
func problemWith(code Code, detail string) *Problem {
	if detail == "" {
		return problems[code]
	}
	p := *problems[code]
	p.Detail, p.document, p.length = detail, nil, ""
	p.document = p.JSON()
	p.length = strconv.Itoa(len(p.document))
	return &p
}

// Length returns the length of the problem document in bytes, as text.
func (p *Problem) Length() string {
	if p.length != "" {
		return p.length
	}
	return strconv.Itoa(len(p.JSON()))
}

// Challenge returns the value of WWW-Authenticate that goes with a 401 (RFC 6750,
// section 3), or "" for other statuses.
func (p *Problem) Challenge() string {
	switch {
	case p.Status != http.StatusUnauthorized:
		return ""
	case p.Code == TokenMissing:
		return `Bearer realm="crossgate"`
	}
	return `Bearer realm="crossgate", error="invalid_token"`
}
