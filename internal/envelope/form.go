package envelope

import "io"

var valueEnd = []byte("&")

// readForm reads the controls of a form.
func readForm(s *source, c *collector) (Opened, error) {
	for {
		key, end, err := formKey(s)
		if err != nil {
			return Opened{}, err
		}
		field, err := c.admit(key)
		switch {
		case err != nil:
			return Opened{}, err
		case field == bodyControl && end == '&':
			return Opened{}, faultAfterBody()
		case field == bodyControl:
			return openForm(s)
		}
		more := end == '&'
		var value []byte
		if end == '=' {
			if value, more, err = formValue(s); err != nil {
				return Opened{}, err
			}
		}
		if err := c.set(field, value); err != nil || !more {
			return Opened{}, err
		}
	}
}

// openForm returns the reader of $body. Its length is known where it is empty.
func openForm(s *source) (Opened, error) {
	opened := Opened{Body: &formBody{s: s}, Length: -1}
	if s.used == s.length {
		if err := s.await(); err != nil {
			return Opened{}, err
		}
	}
	if s.ended() && len(s.bytes()) == 0 {
		opened.Length = 0
	}
	return opened, nil
}

// formKey takes the next key and what ends it: = or &, or 0 for the end of the form.
func formKey(s *source) (key []byte, end byte, err error) {
	for i := 0; ; i++ {
		if i == len(s.bytes()) {
			if err := s.await(); err != nil {
				return nil, 0, err
			}
		}
		if i == len(s.bytes()) {
			return takeDecoded(s, i, 0)
		}
		if err := s.affords(i + 1); err != nil {
			return nil, 0, err
		}
		if c := s.bytes()[i]; c == '=' || c == '&' {
			return takeDecoded(s, i, c)
		}
	}
}

// formValue takes the next value, and says whether there are more fields.
func formValue(s *source) (value []byte, more bool, err error) {
	value, err = s.until(valueEnd)
	switch {
	case err == io.EOF: //nolint:errorlint // readers return it bare
		value, _, err = takeDecoded(s, len(value), 0)
		return value, false, err
	case err != nil:
		return nil, false, err
	}
	value, _, err = takeDecoded(s, len(value), '&')
	return value, true, err
}

// takeDecoded takes n bytes and, unless it is 0, the one that ends them. The bytes are
// decoded in place.
func takeDecoded(s *source, n int, end byte) ([]byte, byte, error) {
	b := s.bytes()[:n]
	s.skip(n)
	if end != 0 {
		s.skip(1)
	}
	d := decode(b, b)
	if d.used < len(b) {
		return nil, 0, faultPercent()
	}
	return b[:d.made], end, nil
}

// formBody is the value of $body, decoded as it comes.
type formBody struct {
	s   *source
	err error // what it has ended with
}

func (f *formBody) Read(p []byte) (int, error) {
	if f.err != nil || len(p) == 0 {
		return 0, f.err
	}
	for {
		b := f.s.bytes()
		d := decode(p, b)
		f.s.skip(d.used)
		if d.made > 0 {
			return d.made, nil
		}
		if err := f.stopped(b); err != nil {
			f.err = err
			f.s.release()
			return 0, err
		}
	}
}

// stopped gets over what decode has stopped at, or says why the body ends there.
func (f *formBody) stopped(b []byte) error {
	switch {
	case len(b) > 0 && b[0] == '&':
		return faultAfterBody()
	case len(b) > 2: // a whole percent code
		return faultPercent()
	}
	err := f.s.more()
	if err == io.EOF && len(b) > 0 { //nolint:errorlint // readers return it bare
		return faultPercent()
	}
	return err
}
