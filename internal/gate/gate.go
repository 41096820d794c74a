package gate

import (
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// Facts are what the rules look at, of one request. The strings are the bytes as
// they came; they are only looked at during the call.
type Facts struct {
	Method   string
	Path     string // as it came, percent codes and all, without the query
	RawQuery string
	Host     string

	Origin         string // the first Origin field
	Origins        int    // how many Origin fields there are
	Authorization  string
	Authorizations int
	ContentType    string
	ContentTypes   int
	Referer        string
	FetchSite      string   // Sec-Fetch-Site
	FetchMode      string   // Sec-Fetch-Mode
	RequestMethod  string   // Access-Control-Request-Method
	RequestHeaders []string // the Access-Control-Request-Headers fields

	Upgrade      bool // asks for a protocol upgrade (WebSocket)
	HasBody      bool
	SocketOrigin trust.Origin // the accepted socket's own loopback or IP origin; zero where that may not count
	Now          time.Time
}

// IsPreflight reports whether the request is a CORS-preflight request (Fetch
// standard, section 3.2.2): OPTIONS with an Origin and Access-Control-Request-Method.
func (f *Facts) IsPreflight() bool {
	return f.Method == "OPTIONS" && f.Origins > 0 && f.RequestMethod != ""
}

// A Code is the stable name of a refusal: the "code" of a problem document and the
// value of the Crossgate-Reason header.
type Code string

// A Kind says how a request stands towards the list.
type Kind uint8

// The kinds of verdict. The zero one refuses.
const (
	Refused  Kind = iota // stopped here
	NoOrigin             // no CORS request: passes
	Own                  // from a page of the API's own origin: passes
	Trusted              // from a trusted origin: passes, with CORS headers
	Exempt               // an untrusted origin at an exempt path: carried as it is
	Observed             // an untrusted origin in observe mode: carried as it is, and counted
)

// A Verdict is what Judge says of a request's origin.
type Verdict struct {
	Kind        Kind
	Reason      Code         // "trusted", "own-origin", "no-origin", "exempt", "origin-not-trusted", …
	Entry       *trust.Entry // the entry that matched, where Kind is Trusted
	Origin      string       // what to send as Access-Control-Allow-Origin, or ""
	Credentials bool         // whether the answer may say Access-Control-Allow-Credentials: true
}

// A Problem is a refusal, ready to be rendered (RFC 9457).
type Problem struct {
	Status int
	Code   Code
	Title  string
	Detail string // says what to do; never holds anything of a token or of the list
}

// Edits are what is changed of a request on its way to the upstream, or the answer
// that it gets here.
type Edits struct {
	Problem   *Problem   // not nil: answer this, carry nothing
	Preflight *Preflight // not nil: answer this, carry nothing

	Carrier          Carrier
	Query            string // the query to send, where QueryEdited
	QueryEdited      bool
	Referer          string // the Referer to send, where RefererEdited
	RefererEdited    bool
	Authorization    string // to send, where SetAuthorization; "" removes the field
	SetAuthorization bool
	ContentType      string       // to send instead, or ""
	DropCookie       bool         // nothing ambient: no Cookie, no client-certificate identity
	Grant            *token.Grant // the verified access token of Crossgate's, or nil
}

// A Carrier says where a request's token was.
type Carrier uint8

// The carriers (protocol, "Carriers").
const (
	Ordinary Carrier = iota // Authorization, or no token at all
	Query                   // access_token in the query
	Text                    // Query, and a text/plain body that stands for JSON
)

// Unwrapped reports whether the request was turned into another one: rule 2
// (nothing ambient) and rule 9 (the response) apply.
func (c Carrier) Unwrapped() bool { return c != Ordinary }

// A Preflight is the answer to a CORS-preflight request.
type Preflight struct {
	AllowMethods string
	AllowHeaders string // "" where none was asked for
	MaxAge       string // seconds
}

// ResponseEdits are what is changed of a response on its way down.
type ResponseEdits struct {
	Replace     bool   // remove the upstream's CORS headers, then set these
	AllowOrigin string // "" sends none
	Credentials bool
	Expose      string // Access-Control-Expose-Headers, "" sends none
	Unwrapped   bool   // Cache-Control at least private, no Set-Cookie, Referrer-Policy, nosniff
}

// Judge decides on the origin alone.
func Judge(s *Site, f *Facts) Verdict { panic("todo") }

// Plan decides on everything else, and says what to change.
func Plan(s *Site, f *Facts, v Verdict) Edits { panic("todo") }

// Settle says what to change of the response. It is of use for Crossgate's own
// error answers, too.
func Settle(s *Site, v Verdict, e *Edits) ResponseEdits { panic("todo") }
