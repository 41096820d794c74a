// Package token mints, parses, digests and judges Crossgate's own access tokens.
// Values in, values out: it holds no list and reads no clock.
package token

import (
	"time"

	"github.com/crossgate/crossgate/trust"
)

// The prefixes by which Crossgate's secrets are known. Whatever begins with one
// of them is Crossgate's, is verified here and is never forwarded.
const (
	AccessPrefix = "cgt_" // an access token
	TicketPrefix = "cgk_" // a ticket
	KeyPrefix    = "cga_" // a management key
)

// A Token is the secret itself: "cgt_", 256 random bits and a checksum, in
// base62. It has no String method that shows it: see [Token.Reveal].
type Token struct{ text string }

// A Digest is the SHA-256 of a token's text: what is stored and looked up.
type Digest [32]byte

// A Grant is what an access token allows.
type Grant struct {
	ID         string // public name, "tok_…"; sent upstream as Crossgate-Token
	Subject    string // the name that its owner gave it; sent upstream as Crossgate-Subject
	Expires    time.Time
	Revoked    bool
	Methods    []string       // nil: every method
	PathPrefix string         // "": every path; whole segments
	Domains    []trust.Domain // nil: every trusted origin
	Servers    bool           // of use without an Origin even though Domains is set
}
