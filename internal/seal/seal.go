// Package seal encrypts the few secrets that have to be kept and sent as they are,
// so that a copy of the database alone is of no use.
//
// A sealed secret is a header, which says the form and which key, a random nonce, and
// the secret encrypted with XChaCha20-Poly1305. Header and name are authenticated
// with it: what was sealed as one secret cannot be opened as another, and a wrong key
// is told from a damaged record.
package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeyBytes is the length of a key.
const KeyBytes = chacha20poly1305.KeySize

const (
	form       = 1 // the first byte of the header
	keyIDBytes = 8
	header     = 1 + keyIDBytes
)

// ErrDamaged is the error of what is not a sealed secret, was changed, or was sealed
// under another name.
var ErrDamaged = errors.New("the sealed secret is damaged; give the secret again")

// A WrongKeyError says that a secret was sealed with another key.
type WrongKeyError struct {
	Sealed string // the id of the key that the secret was sealed with
	Given  string // the id of this one
}

func (e *WrongKeyError) Error() string {
	return fmt.Sprintf("it was sealed with another key (%s; this one is %s); give that key, or give the secret again", e.Sealed, e.Given)
}

// A Box seals and opens with one key. It is safe for use by several goroutines.
type Box struct {
	aead  cipher.AEAD
	id    [keyIDBytes]byte
	nonce io.Reader
}

// New makes a box with a key of KeyBytes random bytes.
func New(key []byte) (*Box, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("a key has %d bytes, and this one %d", KeyBytes, len(key))
	}
	b := &Box{aead: aead, nonce: rand.Reader}
	sum := sha256.Sum256(append([]byte("crossgate key id\x00"), key...))
	copy(b.id[:], sum[:])
	return b, nil
}

// KeyID names the key, and says nothing of it: safe to show.
func (b *Box) KeyID() string { return hex.EncodeToString(b.id[:]) }

// String returns a text that is safe to log.
func (b *Box) String() string { return "seal.Box{" + b.KeyID() + "}" }

// Seal encrypts a secret that has a name.
func (b *Box) Seal(name string, secret []byte) ([]byte, error) {
	sealed := make([]byte, header+chacha20poly1305.NonceSizeX, header+chacha20poly1305.NonceSizeX+len(secret)+chacha20poly1305.Overhead)
	sealed[0] = form
	copy(sealed[1:], b.id[:])
	if _, err := io.ReadFull(b.nonce, sealed[header:]); err != nil {
		return nil, fmt.Errorf("reading randomness: %w", err)
	}
	return b.aead.Seal(sealed, sealed[header:], secret, bound(sealed[:header], name)), nil
}

// Open decrypts what was sealed under the same name. The error is a
// [*WrongKeyError] or [ErrDamaged].
func (b *Box) Open(name string, sealed []byte) ([]byte, error) {
	if len(sealed) < header+chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead || sealed[0] != form {
		return nil, ErrDamaged
	}
	if id := sealed[1:header]; !bytes.Equal(id, b.id[:]) {
		return nil, &WrongKeyError{Sealed: hex.EncodeToString(id), Given: b.KeyID()}
	}
	nonce, text := sealed[header:header+chacha20poly1305.NonceSizeX], sealed[header+chacha20poly1305.NonceSizeX:]
	secret, err := b.aead.Open(nil, nonce, text, bound(sealed[:header], name))
	if err != nil {
		return nil, ErrDamaged
	}
	return secret, nil
}

// bound is what is authenticated beside the secret.
func bound(header []byte, name string) []byte { return append(bytes.Clone(header), name...) }
