package envelope

import (
	"bytes"
	"unicode/utf8"
)

// A control is one of the fields of an envelope, in the order in which they come.
type control uint8

const (
	unknown control = iota
	methodControl
	tokenControl
	headersControl
	typeControl
	bodyControl
)

const methodName = "$httpMethod"

func controlOf(name []byte) control {
	switch string(name) {
	case methodName:
		return methodControl
	case "access_token":
		return tokenControl
	case "$httpHeaders":
		return headersControl
	case "$ct":
		return typeControl
	case "$body":
		return bodyControl
	}
	return unknown
}

func (c control) String() string {
	return [...]string{"unknown", methodName, "access_token", "$httpHeaders", "$ct", "$body"}[c]
}

// A collector gathers controls: each once, in their order.
type collector struct {
	Controls
	last control
	seen [bodyControl + 1]bool
}

// admit says whether a field of that name may come now.
func (c *collector) admit(name []byte) (control, error) {
	field := controlOf(name)
	switch {
	case field == unknown:
		return field, c.unknown(name)
	case field == typeControl && c.Kind == Multipart:
		return field, faultTypeInParts()
	case c.seen[field]:
		return field, faultTwice(field)
	case field < c.last:
		return field, faultOrder(field, c.Kind)
	}
	c.seen[field], c.last = true, field
	c.HasBody = field == bodyControl
	return field, nil
}

func (c *collector) unknown(name []byte) error {
	if len(name) == 0 {
		return faultEmptyName()
	}
	return faultUnknown(c.Kind)
}

// set takes the value of a field that was admitted, but that of $body.
func (c *collector) set(field control, value []byte) (err error) {
	switch {
	case !utf8.Valid(value):
		return faultUTF8(field)
	case bytes.IndexByte(value, 0) >= 0:
		return faultNUL(field)
	case field != headersControl && bytes.ContainsAny(value, "\r\n"):
		return faultLines(field)
	}
	switch field {
	case methodControl:
		c.Method = methodText(value)
	case tokenControl:
		c.Token, c.HasToken = string(value), true
	case headersControl:
		c.Fields, err = readFields(value)
	case typeControl:
		c.ContentType, err = readContentType(value, "$ct")
	}
	return err
}

// methodText is string, without an allocation for the usual ones.
func methodText(b []byte) string {
	for _, usual := range [...]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		if string(b) == usual {
			return usual
		}
	}
	return string(b)
}
