package control

import (
	"fmt"
	"strings"
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
		if isInvisible(r) {
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

// shortened is the beginning of a text that somebody sent, fit for a line: at most
// MaxUserAgent bytes, with what cannot be seen left out.
func shortened(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), MaxUserAgent)], "")
	return strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, text)
}

// isInvisible reports whether a character cannot be seen, or turns the direction of
// what can.
func isInvisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}
