package control

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"
)

// validText checks a text that a person wrote, such as a label. Control characters
// and those that turn the direction of text are refused: they make a line
// of a list or a log look like another one.
func validText(field, text string, limit int) error {
	if len(text) > limit {
		return refuse(CodeInvalid, field, fmt.Sprintf("the %s is longer than %d bytes; shorten it", field, limit))
	}
	if !utf8.ValidString(text) {
		return refuse(CodeInvalid, field, fmt.Sprintf("the %s is not UTF-8 text", field))
	}
	for _, r := range text {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return refuse(CodeInvalid, field, fmt.Sprintf("the %s has the invisible character %U in it; leave it out", field, r))
		}
	}
	return nil
}

// validExpiry checks that an expiry, where there is one, is still to come.
func (s *Service) validExpiry(t time.Time) error {
	if t.IsZero() || t.After(s.clock()) {
		return nil
	}
	return refuse(CodeInvalid, "expires", "the expiry lies in the past; give a time that is still to come")
}
