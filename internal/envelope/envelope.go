// Package envelope reads the form and multipart carriers of the preflight-free
// protocol: a simple POST whose body holds another request. Bytes in; control fields
// and the reader of the effective body out.
//
// The first field of an envelope is $httpMethod; any other body is left as it came,
// byte for byte, and no more of it is waited for than it takes to tell. Reading is exact:
// what two parsers could read in two ways is a [Fault]. The effective body is streamed
// and never held whole.
//
// The formats are those of the URL standard (application/x-www-form-urlencoded parsing)
// and of RFC 7578 with RFC 2046, section 5.1, as browsers write them.
package envelope

import "io"

// Limits of an envelope's control fields.
const (
	MaxControlBytes = 16 << 10 // all of them together, names and framing included
	MaxFields       = 64       // lines of $httpHeaders
	MaxFieldBytes   = 8 << 10  // of $httpHeaders
)

// A Kind is a carrier that a content type can stand for.
type Kind uint8

// The kinds.
const (
	None      Kind = iota // neither: never an envelope
	Form                  // application/x-www-form-urlencoded, bare or in UTF-8
	Multipart             // multipart/form-data with a boundary and nothing else
)

// Controls are what an envelope says of the request in it.
type Controls struct {
	Kind        Kind
	Method      string  // $httpMethod, as it came
	Token       string  // access_token, as it came
	HasToken    bool    // whether access_token is there at all
	Fields      []Field // the lines of $httpHeaders, in order, each name once
	ContentType string  // $ct, or the Content-Type of the part $body; "": none
	HasBody     bool    // whether $body is there at all
	Fault       *Fault  // not nil: an envelope that cannot be read; only Kind holds beside it
}

// A Field is a header field of the effective request. Its name is a token, its value a
// field value without blanks around it (RFC 9110, sections 5.1 and 5.5), in bytes:
// code points up to U+00FF stand for one byte each, as in the Fetch standard's ByteString.
type Field struct{ Name, Value string }

// A Fault is a mistake in an envelope.
type Fault struct {
	TokenTwice bool   // access_token is there more than once
	Detail     string // a sentence for a person, that says what to do; nothing of a token is in it
}

func (f *Fault) Error() string { return "envelope: " + f.Detail }

// Opened is a body that was looked into.
type Opened struct {
	Controls *Controls // nil: no envelope
	// Body is the effective body, or where there is no envelope the whole body as it
	// came. Of an envelope, Read returns a *Fault where what follows is malformed, and
	// instead of the end where anything is wrong with the rest; what the reader of the
	// outer body fails with comes as it is.
	Body io.Reader
	// Length is how long Body is, in bytes; -1: not known. It is known of multipart
	// envelopes whose own length is, and then Body gives so many bytes only where all
	// of the envelope is in order: a message of that length that breaks off is never whole.
	Length int64
}
