package envelope

import (
	"bytes"
	"io"
)

const (
	crlf    = "\r\n"
	headEnd = crlf + crlf
	closing = "--" + crlf // follows the last delimiter, and is the end

	// indexBytes is how much of a delimiter is searched for: what processors compare
	// at once. The rest is looked at where that is found.
	indexBytes = 31
)

// A delimiter stands between parts: CRLF, two hyphens and the boundary (RFC 2046,
// section 5.1.1).
type delimiter []byte

// index returns where the first whole delimiter is in b, or -1.
func (d delimiter) index(b []byte) int {
	start := d[:min(len(d), indexBytes)]
	for from := 0; ; from++ {
		i := bytes.Index(b[from:], start)
		if i < 0 {
			return -1
		}
		if from += i; bytes.HasPrefix(b[from:], d) {
			return from
		}
	}
}

// readMultipart reads the controls of a multipart body. Before each part the source is
// at the CRLF that ends the line of the boundary.
func readMultipart(s *source, c *collector, d delimiter) (Opened, error) {
	s.skip(len(d) - 2)
	for {
		field, err := takeHead(s, c)
		switch {
		case err != nil:
			return Opened{}, err
		case field == bodyControl:
			return openPart(s, d)
		}
		value, err := takePart(s, d)
		if err != nil {
			return Opened{}, err
		}
		if err := c.set(field, value); err != nil {
			return Opened{}, err
		}
		s.skip(len(value) + len(d))
		if last, err := isLast(s); err != nil || last {
			return Opened{}, err
		}
	}
}

// takeHead takes a part's fields and leaves the CRLF after them.
func takeHead(s *source, c *collector) (control, error) {
	head, err := s.until([]byte(headEnd))
	if err != nil {
		return unknown, endsEarly(err)
	}
	p, err := readHead(head)
	if err != nil {
		return unknown, err
	}
	field, err := c.admit(p.name)
	switch {
	case err != nil:
		return unknown, err
	case field == bodyControl:
		c.ContentType = p.contentType
	case p.typed || p.filed:
		return unknown, faultControlHead(field)
	}
	s.skip(len(head) + len(crlf))
	return field, nil
}

// takePart waits for a control's value and takes the CRLF before it. A boundary that
// comes without a CRLF of its own would be read in two ways.
func takePart(s *source, d delimiter) (value []byte, err error) {
	value, err = s.until(d)
	switch {
	case err != nil:
		return nil, endsEarly(err)
	case len(value) == 0:
		return nil, faultBoundaryFirst()
	}
	s.skip(len(crlf))
	return value[len(crlf):], nil
}

func endsEarly(err error) error {
	if err == io.EOF { //nolint:errorlint // readers return it bare
		return faultEndsEarly()
	}
	return err
}

// A sequel is what follows a delimiter.
type sequel uint8

const (
	unclear sequel = iota // more bytes are needed
	another               // part
	over                  // nothing: the body ends exactly as it should
)

// sequelOf reads what follows a delimiter, as far as it is there.
func sequelOf(rest []byte, ended bool) (sequel, error) {
	switch {
	case bytes.HasPrefix(rest, []byte(crlf)):
		return another, nil
	case !agree(rest, crlf) && !agree(rest, closing):
		return unclear, faultDelimiter()
	case len(rest) > len(closing):
		return unclear, faultEpilogue()
	case !ended:
		return unclear, nil
	case len(rest) == len(closing):
		return over, nil
	case len(rest) >= len("--"):
		return unclear, faultLastLine()
	}
	return unclear, faultEndsEarly()
}

// agree reports whether one text begins with the other.
func agree(b []byte, text string) bool {
	n := min(len(b), len(text))
	return string(b[:n]) == text[:n]
}

// isLast waits for the sequel of a control's delimiter.
func isLast(s *source) (bool, error) {
	for {
		next, err := sequelOf(s.bytes(), s.ended())
		switch {
		case err != nil:
			return false, err
		case next == another:
			return false, s.affords(len(crlf))
		case next == over:
			return true, nil
		}
		if err := s.await(); err != nil {
			return false, err
		}
	}
}
