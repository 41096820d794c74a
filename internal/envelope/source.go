package envelope

import (
	"bytes"
	"io"
	"sync"
)

const (
	bufferBytes   = 32 << 10 // what is read of an envelope at a time; its controls fit in
	maxEmptyReads = 100      // in a row, of a reader that gives neither bytes nor an error
)

var buffers = sync.Pool{New: func() any { return new([bufferBytes]byte) }}

// A source is a body, some of it in a buffer.
type source struct {
	r          io.Reader
	buf        []byte
	pooled     *[bufferBytes]byte // what buf is of, or nil
	start, end int                // of what is in buf and not yet used
	used       int64              // bytes that were taken out
	read       int64              // bytes that came
	length     int64              // bytes that should come; -1: not known
	err        error              // what r ended with
}

// enlarge puts the source into a pooled buffer; release gives that back.
func (s *source) enlarge() {
	s.pooled = buffers.Get().(*[bufferBytes]byte)
	s.end = copy(s.pooled[:], s.bytes())
	s.start, s.buf = 0, s.pooled[:]
}

func (s *source) release() {
	if s.pooled != nil {
		buffers.Put(s.pooled)
	}
	s.pooled, s.buf, s.start, s.end = nil, nil, 0, 0
}

// bytes returns what is there. It holds until the next call of more.
func (s *source) bytes() []byte { return s.buf[s.start:s.end] }

// skip takes n bytes out.
func (s *source) skip(n int) {
	s.start += n
	s.used += int64(n)
}

// expect sets the length that the whole body should have, or -1.
func (s *source) expect(length int64) {
	s.length = length
	s.measure()
}

// measure makes a length that is not the declared one the end of the source.
func (s *source) measure() {
	switch {
	case s.length < 0:
	case s.read > s.length:
		s.err = faultLonger()
	case s.ended() && s.read < s.length:
		s.err = faultShorter()
	}
}

// ended reports whether the body came to its good end, which may be in the buffer yet.
func (s *source) ended() bool {
	return s.err == io.EOF //nolint:errorlint // readers return it bare
}

// more waits for one more byte at least, for which the buffer must have room. Its
// error is io.EOF at the end, a *Fault where the length is not the declared one, and
// else the reader's own.
func (s *source) more() error {
	if s.start > 0 {
		s.end = copy(s.buf, s.bytes())
		s.start = 0
	}
	for range maxEmptyReads {
		if s.err != nil {
			return s.err
		}
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.read += int64(n)
		s.err = err
		s.measure()
		if n > 0 {
			return nil
		}
	}
	s.err = io.ErrNoProgress
	return s.err
}

// await is more, for which the end is no error: whoever waits looks at ended.
func (s *source) await() error {
	if err := s.more(); err != nil && !s.ended() {
		return err
	}
	return nil
}

// until waits for one of the controls' separators and returns the bytes before it.
// At the end of the body it returns all that there is, and io.EOF.
func (s *source) until(separator []byte) (before []byte, err error) {
	for seen := 0; ; {
		b := s.bytes()
		from := max(0, seen-len(separator)+1)
		if i := bytes.Index(b[from:], separator); i >= 0 {
			return b[:from+i], s.affords(from + i + len(separator))
		}
		if err := s.affords(len(b)); err != nil {
			return nil, err
		}
		seen = len(b)
		if err := s.more(); err != nil {
			return s.bytes(), err
		}
	}
}

// affords says whether n more bytes are within what controls may take.
func (s *source) affords(n int) error {
	if s.used+int64(n) > MaxControlBytes {
		return faultControls()
	}
	return nil
}
