package explain

import (
	"net/url"

	"github.com/crossgate/crossgate/preflight"
)

// A Call is one request of a script on a page, and what servers answered. What is not
// known is left out: it is judged as far as it is known.
type Call struct {
	Request preflight.Request
	Origin  string       // of the page, as browsers write it; "null" is one
	Space   AddressSpace // where the page came from; "": by its host, as far as that tells
	Target  *url.URL     // what is called
	// TargetSpace is where the target is; "": by its host, as far as that tells.
	TargetSpace AddressSpace
	Credentials bool           // credentials: "include", or XMLHttpRequest.withCredentials
	Redirect    RedirectMode   // of fetch; "": follow
	Embedder    EmbedderPolicy // of the page; "": none
	BodySize    int64          // of the request, in bytes; 0: none, or not known

	// Preflight is what the preflight was answered. None, where one is needed: it was not
	// sent, or the browser had kept the answer to an earlier one.
	Preflight *Response
	// Response is the answer of the target itself, a redirect where it is one.
	Response *Response
	// Redirects are the requests after it, in order; the last one's answer is the one
	// that the script gets.
	Redirects []Hop
}

// A Hop is the request that a redirect makes a browser send.
type Hop struct {
	Target    *url.URL     // nil: where Location leads
	Space     AddressSpace // of the target; "": by its host
	Preflight *Response
	Response  *Response
}

// A Response is what a server answered, or that it did not.
type Response struct {
	Status int
	Header [][2]string // names and values in order, a name that came twice stands twice
	// Failure is why there is no answer, in a few words without secrets; "": there is one.
	Failure string
}

// A RedirectMode is a request's (Fetch standard, "redirect mode").
type RedirectMode string

// The redirect modes.
const (
	RedirectFollow RedirectMode = "follow"
	RedirectError  RedirectMode = "error"
	RedirectManual RedirectMode = "manual"
)

// An AddressSpace is how far away an address is (Local Network Access, "IP address
// space").
type AddressSpace string

// The address spaces.
const (
	SpacePublic   AddressSpace = "public"
	SpaceLocal    AddressSpace = "local"    // addresses of home and company networks
	SpaceLoopback AddressSpace = "loopback" // the visitor's own machine
)

// An EmbedderPolicy is a page's Cross-Origin-Embedder-Policy (HTML standard).
type EmbedderPolicy string

// RequireCORP is the embedder policy that asks something of answers.
const RequireCORP EmbedderPolicy = "require-corp"
