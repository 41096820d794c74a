package envelope

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// How much of a body is looked at to tell whether it is an envelope, in bytes.
const (
	lookForm      = 64 // $httpMethod with every byte of it in percent codes, and more
	lookMultipart = 512
)

// Open looks at the beginning of a body of a type and a length in bytes (-1: not
// known). It waits for no more than it takes to tell that the body is no envelope, and
// for all controls of one that is.
//
// The error says that the body could not be read and wraps the reader's own. An envelope
// that is malformed has a [Fault] in its controls instead.
func Open(contentType string, body io.Reader, length int64) (Opened, error) {
	kind, boundary := readType(contentType)
	if kind == None || body == nil {
		return Opened{Body: body, Length: length}, nil
	}
	f := format{kind: kind}
	if kind == Multipart {
		f.delimiter = delimiter("\r\n--" + boundary)
	}
	s, is, err := f.look(body)
	switch {
	case err != nil:
		return Opened{}, fmt.Errorf("envelope: the body cannot be read: %w", err)
	case !is:
		return Opened{Body: &ordinary{s.bytes(), body, s.err}, Length: length}, nil
	}
	s.expect(length)
	return f.open(s)
}

// A format is how an envelope is written.
type format struct {
	kind      Kind
	delimiter delimiter // of Multipart
}

// look reads what it takes to tell whether a body is an envelope.
func (f format) look(body io.Reader) (s *source, is bool, err error) {
	size := lookForm
	if f.kind == Multipart {
		size = lookMultipart
	}
	s = &source{r: body, buf: make([]byte, size), length: -1}
	for s.end < size {
		if err := s.await(); err != nil {
			return nil, false, err
		}
		if r := f.recognise(s.bytes(), s.ended()); r != unsure || s.ended() {
			return s, r == yes, nil
		}
	}
	return s, false, nil
}

func (f format) recognise(start []byte, ended bool) recognition {
	if f.kind == Form {
		return recogniseForm(start, ended)
	}
	return recogniseMultipart(start, f.delimiter)
}

// open reads the controls of an envelope.
func (f format) open(s *source) (Opened, error) {
	s.enlarge()
	c := &collector{Controls: Controls{Kind: f.kind}}
	opened, err := f.read(s, c)
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		s.release()
		return Opened{&Controls{Kind: f.kind, Fault: fault}, &ordinary{err: fault}, -1}, nil
	case err != nil:
		s.release()
		return Opened{}, fmt.Errorf("envelope: the body cannot be read: %w", err)
	case !c.HasBody:
		s.release()
		return Opened{&c.Controls, bytes.NewReader(nil), 0}, nil
	}
	opened.Controls = &c.Controls
	return opened, nil
}

func (f format) read(s *source, c *collector) (Opened, error) {
	if f.kind == Form {
		return readForm(s, c)
	}
	return readMultipart(s, c, f.delimiter)
}

// ordinary is a body as it came: what was looked at, and the rest.
type ordinary struct {
	start []byte
	rest  io.Reader
	err   error // what the rest has ended with already, or nil
}

func (o *ordinary) Read(p []byte) (int, error) {
	switch {
	case len(o.start) > 0:
		n := copy(p, o.start)
		o.start = o.start[n:]
		return n, nil
	case o.err != nil:
		return 0, o.err
	}
	return o.rest.Read(p)
}
