package token

import (
	"crypto/sha256"
	"errors"
	"io"
)

// ErrMalformedKey is the error of [ParseKey]: the text is not a management key, or
// was mistyped or cut.
var ErrMalformedKey = errors.New("not a management key of Crossgate's: it is cga_ and 49 letters and digits, copied whole")

// A Key is the secret of a key for the management API. It is an immutable, comparable
// value, and formats as "cga_…" so that it does not slip into a log: [Key.Reveal]
// shows it.
type Key struct{ text string }

// MintKey makes a new key from 256 bits of random, which is nil for crypto/rand.
func MintKey(random io.Reader) (Key, error) {
	text, err := mint(KeyPrefix, random)
	return Key{text}, err
}

// ParseKey checks prefix, length, alphabet and checksum of a key. Whether such a key
// exists is another question. The error is [ErrMalformedKey].
func ParseKey(s string) (Key, error) {
	if !isMinted(KeyPrefix, s) {
		return Key{}, ErrMalformedKey
	}
	return Key{s}, nil
}

// Reveal returns the secret text. Show it once, to the person who made it.
func (k Key) Reveal() string { return k.text }

// String returns a text that is safe to log.
func (k Key) String() string { return KeyPrefix + "…" }

// GoString returns a text that is safe to log.
func (k Key) GoString() string { return "token.Key{" + KeyPrefix + "…}" }

// Digest returns what is stored of the key.
func (k Key) Digest() Digest { return sha256.Sum256([]byte(k.text)) }
