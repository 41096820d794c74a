package envelope

import (
	"bytes"
	"io"
)

// partBody is the part $body. It hands out its last byte only when all of the body has
// been seen to be in order, so that who was told a length never has that many bytes of a
// body that is malformed.
type partBody struct {
	s     *source
	d     delimiter
	left  int64 // bytes to come if the declared length holds; -1: not known
	ready int   // of those in the buffer, may be handed out
	err   error // what comes after those, if it is known
}

// openPart returns the reader of the part $body. The source is at the CRLF before it.
func openPart(s *source, d delimiter) (Opened, error) {
	length := int64(-1)
	if s.length >= 0 {
		length = s.length - s.used - int64(len(crlf)+len(d)+len(closing))
	}
	for len(s.bytes()) < len(d) { // there is as much, if no more than the end
		if err := s.more(); err != nil {
			return Opened{}, endsEarly(err)
		}
	}
	switch {
	case bytes.HasPrefix(s.bytes(), d):
		return Opened{}, faultBoundaryFirst()
	case s.length >= 0 && length < 0:
		return Opened{}, faultEndsEarly()
	}
	s.skip(len(crlf))
	b := &partBody{s: s, d: d, left: length}
	if length == 0 { // who knows that may never read
		if _, err := b.Read(make([]byte, 1)); err != io.EOF { //nolint:errorlint // readers return it bare
			return Opened{}, err
		}
	}
	return Opened{Body: b, Length: length}, nil
}

func (b *partBody) Read(p []byte) (int, error) {
	for b.ready == 0 {
		if b.err != nil {
			b.s.release()
			return 0, b.err
		}
		b.ready, b.err = b.scan()
	}
	n := copy(p, b.s.bytes()[:b.ready])
	b.s.skip(n)
	b.ready -= n
	if b.left > 0 {
		b.left -= int64(n)
	}
	return n, nil
}

// scan says how many of the bytes that are there may be handed out, and what follows them
// if it is known. Where it can say neither it waits for more.
func (b *partBody) scan() (ready int, err error) {
	here := b.s.bytes()
	i := b.d.index(here)
	if i < 0 && b.s.ended() {
		return 0, faultEndsEarly()
	}
	if i < 0 {
		return b.beforeEnd(len(here) - len(b.d) - len(closing))
	}
	switch next, err := sequelOf(here[i+len(b.d):], b.s.ended()); {
	case err != nil:
		return 0, err
	case next == another:
		return 0, faultAfterBody()
	case next == over:
		return i, io.EOF
	}
	return b.beforeEnd(i)
}

// beforeEnd is the result of a scan after which that many bytes, if not more, may be the
// whole body: all but one of them can be handed out.
func (b *partBody) beforeEnd(n int) (ready int, err error) {
	if b.left >= 0 {
		n = int(min(int64(n), b.left))
	}
	if n > 1 {
		return n - 1, nil
	}
	return 0, b.s.await()
}
