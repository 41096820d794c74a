package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// TicketLife is how long a ticket is of use. What it opened goes on.
const TicketLife = 60 * time.Second

// Limits of tickets and their keys, in bytes and in number.
const (
	TicketKeyBytes = 32
	ticketKeyID    = 4
	maxTicketText  = 2 << 10
	maxTicketField = 1<<16 - 1
)

const ticketVersion = 1

// Errors of [TicketKeys].
var (
	// ErrTicket says that a text is no ticket, or none that these keys have signed.
	ErrTicket = errors.New("not a ticket of Crossgate's: ask for a new one")
	// ErrTicketField says that a ticket's field is too long to be written.
	ErrTicketField = errors.New("the ticket would be too long: its path prefix or its methods are")
	// ErrNoTicketKey says that no key may sign yet.
	ErrNoTicketKey = errors.New("there is no key to sign tickets with")
)

// A Ticket is a short-lived stand-in for an access token, for addresses: those of
// EventSource, WebSocket, images and downloads. It can do what both it and its token
// can, and dies with its token.
type Ticket struct {
	Token      Digest       // of the access token that it stands for
	Site       string       // the name of the site that it was made for
	Origin     trust.Origin // who asked for it; zero: a server
	Expires    time.Time    // whole seconds
	Methods    []string     // of use for these alone; of one with Target, GET and HEAD at most
	PathPrefix string       // "": every path; matches whole segments
	Target     Digest       // not zero: of use for the address with this [TargetDigest] alone, without Origin, too
	WebSocket  bool         // may open a WebSocket
}

// TargetDigest is the digest of a request's path and query, the access token taken out.
func TargetDigest(path, query string) Digest {
	if query != "" {
		path += "?" + query
	}
	return sha256.Sum256([]byte(path))
}

// Judge says whether the ticket allows a use. Whether its token does is another
// question, and so is the time that [Use.Now] is asked about: since is when the request
// came, since a stream that a ticket opened outlives it.
func (t *Ticket) Judge(u Use, websocket bool, since time.Time) Denial {
	switch {
	case !since.Before(t.Expires):
		return Expired
	case !t.coversOrigin(u.Origin):
		return NotForOrigin
	case websocket && !t.WebSocket, !slices.Contains(t.Methods, u.Method) || mentionsMethodOverride(u.RawQuery),
		!InScope(u.Path, t.PathPrefix), t.isForTarget() && !t.coversTarget(u):
		return OutOfScope
	}
	return Allowed
}

func (t *Ticket) isForTarget() bool { return t.Target != Digest{} }

func (t *Ticket) coversOrigin(o trust.Origin) bool {
	if t.isForTarget() && o.IsZero() {
		return true
	}
	return !o.IsZero() && o == t.Origin
}

func (t *Ticket) coversTarget(u Use) bool {
	return (u.Method == "GET" || u.Method == "HEAD") && TargetDigest(u.Path, u.RawQuery) == t.Target
}

// A TicketKey signs tickets.
type TicketKey struct {
	Secret [TicketKeyBytes]byte
	From   time.Time // signs from then on, and verifies before: all nodes must know it first
}

// id names the key within a ticket. It is made of the secret, so that two keys never
// have one id with different secrets but by chance.
func (k *TicketKey) id() [ticketKeyID]byte {
	sum := sha256.Sum256(append([]byte("crossgate ticket key id\x00"), k.Secret[:]...))
	return [ticketKeyID]byte(sum[:ticketKeyID])
}

// String returns a text that is safe to log.
func (k TicketKey) String() string { return "ticket key" }

// GoString returns a text that is safe to log.
func (k TicketKey) GoString() string { return "token.TicketKey{…}" }

// TicketKeys mint and verify tickets. It is immutable, and may be used from any goroutine.
type TicketKeys struct{ keys []namedKey }

// A namedKey is a key with its id, which costs a hash.
type namedKey struct {
	TicketKey
	id [ticketKeyID]byte
}

// String returns a text that is safe to log.
func (ks *TicketKeys) String() string { return "ticket keys" }

// GoString returns a text that is safe to log.
func (ks *TicketKeys) GoString() string { return "token.TicketKeys{…}" }

// NewTicketKeys returns the keys. Each of them verifies; the youngest whose time has
// come signs.
func NewTicketKeys(keys ...TicketKey) *TicketKeys {
	named := make([]namedKey, len(keys))
	for i, k := range keys {
		named[i] = namedKey{k, k.id()}
	}
	slices.SortStableFunc(named, func(a, b namedKey) int { return b.From.Compare(a.From) })
	return &TicketKeys{named}
}

// Mint writes a ticket: "cgk_", and in base64url a version, the key's id, the ticket's
// fields, each behind its length, and the HMAC-SHA-256 of all that. The errors are
// [ErrNoTicketKey] and [ErrTicketField].
func (ks *TicketKeys) Mint(t Ticket, now time.Time) (string, error) {
	key, ok := ks.signer(now)
	if !ok {
		return "", ErrNoTicketKey
	}
	payload := append([]byte{ticketVersion}, key.id[:]...)
	for _, field := range t.fields() {
		if len(field) > maxTicketField {
			return "", ErrTicketField
		}
		payload = binary.BigEndian.AppendUint16(payload, uint16(len(field)))
		payload = append(payload, field...)
	}
	text := TicketPrefix + base64.RawURLEncoding.EncodeToString(key.sign(payload))
	if len(text) > maxTicketText {
		return "", ErrTicketField
	}
	return text, nil
}

func (ks *TicketKeys) signer(now time.Time) (namedKey, bool) {
	if ks == nil {
		return namedKey{}, false
	}
	for _, k := range ks.keys {
		if !now.Before(k.From) {
			return k, true
		}
	}
	return namedKey{}, false
}

// sign returns the payload with its code behind it.
func (k *TicketKey) sign(payload []byte) []byte {
	mac := hmac.New(sha256.New, k.Secret[:])
	mac.Write(payload)
	return mac.Sum(payload[:len(payload):len(payload)])
}

// Open verifies a ticket and reads it. Whether it is of use is for [Ticket.Judge] to
// say. The error is [ErrTicket].
func (ks *TicketKeys) Open(text string) (*Ticket, error) {
	digits, ok := strings.CutPrefix(text, TicketPrefix)
	if !ok || ks == nil || len(text) > maxTicketText || strings.ContainsAny(digits, "\r\n") { // the decoder would skip them
		return nil, ErrTicket
	}
	signed, err := base64.RawURLEncoding.Strict().DecodeString(digits)
	if err != nil || len(signed) < 1+ticketKeyID+sha256.Size {
		return nil, ErrTicket
	}
	payload := signed[:len(signed)-sha256.Size]
	for _, k := range ks.keys {
		if [ticketKeyID]byte(payload[1:1+ticketKeyID]) != k.id {
			continue
		}
		if payload[0] == ticketVersion && hmac.Equal(k.sign(payload), signed) {
			return readTicket(payload[1+ticketKeyID:])
		}
	}
	return nil, ErrTicket
}

// fields are a ticket's fields as they are written, in order.
func (t *Ticket) fields() [][]byte {
	websocket := []byte{0}
	if t.WebSocket {
		websocket[0] = 1
	}
	target := t.Target[:]
	if !t.isForTarget() {
		target = nil
	}
	return [][]byte{
		t.Token[:],
		[]byte(t.Site),
		[]byte(t.Origin.String()),
		binary.BigEndian.AppendUint64(nil, uint64(t.Expires.Unix())),
		[]byte(strings.Join(t.Methods, " ")),
		[]byte(t.PathPrefix),
		target,
		websocket,
	}
}

const ticketFields = 8

// readTicket reads the fields of a ticket that was verified. That it can fail at all
// is for versions that write them otherwise.
func readTicket(b []byte) (*Ticket, error) {
	var fields [ticketFields][]byte
	for i := range fields {
		if len(b) < 2 {
			return nil, ErrTicket
		}
		n := int(binary.BigEndian.Uint16(b))
		if len(b) < 2+n {
			return nil, ErrTicket
		}
		fields[i], b = b[2:2+n], b[2+n:]
	}
	token, site, origin, expires, methods, prefix, target, websocket := fields[0], fields[1], fields[2],
		fields[3], fields[4], fields[5], fields[6], fields[7]
	if len(b) > 0 || len(token) != sha256.Size || len(expires) != 8 || len(websocket) != 1 ||
		(len(target) != 0 && len(target) != sha256.Size) {
		return nil, ErrTicket
	}
	t := &Ticket{
		Token: Digest(token), Site: string(site), Expires: time.Unix(int64(binary.BigEndian.Uint64(expires)), 0),
		Methods: strings.Fields(string(methods)), PathPrefix: string(prefix), WebSocket: websocket[0] == 1,
	}
	if len(target) > 0 {
		t.Target = Digest(target)
	}
	if len(origin) > 0 {
		o, err := trust.ParseOrigin(string(origin))
		if err != nil {
			return nil, fmt.Errorf("%w (%w)", ErrTicket, err)
		}
		t.Origin = o
	}
	return t, nil
}
