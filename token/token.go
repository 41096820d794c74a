// Package token mints, parses, digests and judges Crossgate's own access tokens, and
// the keys for its management API, which are made in the same way.
//
// A token is a secret that is shown once: "cgt_", 256 random bits in base62, and
// a checksum, so that a typing error is told from a wrong token without a look-up
// and secret scanners know one when they see it. Only its [Digest] is ever kept.
// What a token allows is its [Grant].
//
// Values in, values out: the package holds no list and reads no clock.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/big"
	"strings"
)

// The prefixes by which Crossgate's secrets are known. Whatever begins with one
// of them is Crossgate's, is verified here and is never forwarded.
const (
	AccessPrefix = "cgt_" // an access token
	TicketPrefix = "cgk_" // a ticket
	KeyPrefix    = "cga_" // a management key
)

const (
	secretBytes    = 32 // 256 bits
	secretDigits   = 43 // base62 digits of 256 bits
	checksumDigits = 6  // base62 digits of a CRC-32

	// Length is the length of the text of an access token or a key, in bytes.
	Length = len(AccessPrefix) + secretDigits + checksumDigits
)

// ErrMalformed is the error of [Parse]: the text is not an access token of
// Crossgate's, or was mistyped or cut.
var ErrMalformed = errors.New("not an access token of Crossgate's: it is cgt_ and 49 letters and digits, copied whole")

// A Token is an access token's secret. It is an immutable, comparable value, and
// formats as "cgt_…" so that it does not slip into a log: [Token.Reveal] shows it.
type Token struct{ text string }

// A Digest is the SHA-256 of a token's text: what is stored and looked up.
type Digest [sha256.Size]byte

// Mint makes a new token from 256 bits of random, which is nil for crypto/rand.
func Mint(random io.Reader) (Token, error) {
	text, err := mint(AccessPrefix, random)
	return Token{text}, err
}

// Parse checks prefix, length, alphabet and checksum of a token. Whether such a
// token exists is another question. The error is [ErrMalformed].
func Parse(s string) (Token, error) {
	if !isMinted(AccessPrefix, s) {
		return Token{}, ErrMalformed
	}
	return Token{s}, nil
}

// mint makes the text of a secret: a prefix, 256 random bits, and their checksum.
func mint(prefix string, random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	var secret [secretBytes]byte
	if _, err := io.ReadFull(random, secret[:]); err != nil {
		return "", fmt.Errorf("token: reading randomness: %w", err)
	}
	digits := base62(new(big.Int).SetBytes(secret[:]), secretDigits)
	return prefix + digits + checksum(digits), nil
}

// isMinted reports whether a text could have been made by mint.
func isMinted(prefix, s string) bool {
	digits, ok := strings.CutPrefix(s, prefix)
	return ok && len(digits) == secretDigits+checksumDigits && isBase62(digits) &&
		digits[secretDigits:] == checksum(digits[:secretDigits])
}

// IsOurs reports whether a credential begins as Crossgate's own do: then it is
// verified here, whatever carried it, and never forwarded.
func IsOurs(s string) bool {
	if len(s) < len(AccessPrefix) {
		return false
	}
	switch s[:len(AccessPrefix)] {
	case AccessPrefix, TicketPrefix, KeyPrefix:
		return true
	}
	return false
}

// Reveal returns the secret text. Show it once, to the person who made it.
func (t Token) Reveal() string { return t.text }

// String returns a text that is safe to log.
func (t Token) String() string { return AccessPrefix + "…" }

// GoString returns a text that is safe to log.
func (t Token) GoString() string { return "token.Token{" + AccessPrefix + "…}" }

// Digest returns what is stored of the token.
func (t Token) Digest() Digest { return sha256.Sum256([]byte(t.text)) }

func checksum(digits string) string {
	sum := crc32.ChecksumIEEE([]byte(digits))
	return base62(new(big.Int).SetUint64(uint64(sum)), checksumDigits)
}

// base62 writes n with the digits 0-9, a-z, A-Z, padded to a width.
func base62(n *big.Int, width int) string {
	text := n.Text(62)
	return strings.Repeat("0", width-len(text)) + text
}

func isBase62(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
