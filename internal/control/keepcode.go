package control

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// The two records of which there may be a million are kept in a form of their own: the
// fields in order, each number as a varint, each text behind its length. The others are
// JSON.

var errKeptRecord = errors.New("a record cannot be read")

// Flags of the two.
const (
	flagDisabled = 1 << iota // of an entry
	flagRevoked              // of a grant, and so on
	flagServers
	flagMethods // it names methods
	flagDomains // it names domains
)

func appendEntry(b []byte, e *trust.Entry) []byte {
	b = append(binary.AppendVarint(b, e.ID), flagIf(flagDisabled, e.Disabled))
	b = appendTime(b, e.Expires)
	return appendText(b, e.Domain.String())
}

func readEntry(content []byte) (e trust.Entry, err error) {
	c := cursor{rest: content}
	e.ID = c.number()
	flags := c.byte()
	e.Disabled = flags&flagDisabled != 0
	e.Expires = c.time()
	e.Domain = c.domain()
	return e, c.end()
}

func appendGrant(b []byte, d token.Digest, g *token.Grant) []byte {
	flags := flagIf(flagRevoked, g.Revoked) | flagIf(flagServers, g.Servers) |
		flagIf(flagMethods, g.Methods != nil) | flagIf(flagDomains, g.Domains != nil)
	b = append(append(b, d[:]...), flags)
	b = appendTime(b, g.Expires)
	for _, text := range []string{g.ID, g.Subject, g.PathPrefix, string(g.QueryCarrier)} {
		b = appendText(b, text)
	}
	b = binary.AppendVarint(b, int64(len(g.Methods)))
	for _, m := range g.Methods {
		b = appendText(b, m)
	}
	b = binary.AppendVarint(b, int64(len(g.Domains)))
	for _, d := range g.Domains {
		b = appendText(b, d.String())
	}
	return b
}

func readGrant(content []byte) (d token.Digest, g *token.Grant, err error) {
	c := cursor{rest: content}
	copy(d[:], c.bytes(len(d)))
	flags := c.byte()
	g = &token.Grant{Revoked: flags&flagRevoked != 0, Servers: flags&flagServers != 0}
	g.Expires = c.time()
	g.ID, g.Subject, g.PathPrefix, g.QueryCarrier = c.text(), c.text(), c.text(), token.QueryCarrier(c.text())
	if flags&flagMethods != 0 {
		g.Methods = []string{}
	}
	for range c.count() {
		g.Methods = append(g.Methods, c.text())
	}
	if flags&flagDomains != 0 {
		g.Domains = []trust.Domain{}
	}
	for range c.count() {
		g.Domains = append(g.Domains, c.domain())
	}
	return d, g, c.end()
}

func flagIf(flag byte, on bool) byte {
	if on {
		return flag
	}
	return 0
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendVarint(b, int64(len(text))), text...)
}

// appendTime keeps milliseconds, as stores do; 0 is the zero time.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendVarint(b, 0)
	}
	return binary.AppendVarint(b, t.UnixMilli())
}

// A cursor reads what the functions above have written. After the first mistake all
// that it reads is zero.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) end() error {
	if c.bad || len(c.rest) > 0 {
		return errKeptRecord
	}
	return nil
}

func (c *cursor) bytes(n int) []byte {
	if c.bad || n < 0 || n > len(c.rest) {
		c.bad = true
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) byte() byte {
	if b := c.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) number() int64 {
	n, size := binary.Varint(c.rest)
	if c.bad || size <= 0 {
		c.bad = true
		return 0
	}
	c.rest = c.rest[size:]
	return n
}

// count is a number of things, each of which takes a byte at least.
func (c *cursor) count() int {
	n := c.number()
	if n < 0 || n > int64(len(c.rest)) {
		c.bad = true
		return 0
	}
	return int(n)
}

func (c *cursor) text() string { return string(c.bytes(c.count())) }

func (c *cursor) time() time.Time {
	if ms := c.number(); ms != 0 {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}

func (c *cursor) domain() trust.Domain {
	d, err := trust.ParseDomain(c.text())
	if err != nil {
		c.bad = true
	}
	return d
}
