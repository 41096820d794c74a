package shell

import (
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// functions are what templates may call.
func functions() template.FuncMap {
	return template.FuncMap{"visible": Visible, "number": number, "part": part}
}

// Visible returns text with what cannot be seen made visible: marks that turn
// the writing direction, characters without width and control characters, with
// which a name can look like another. Line breaks and tabs become spaces.
func Visible(text string) string {
	if !strings.ContainsFunc(text, isInvisible) {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '\n' || c == '\t' || c == '\r':
			b.WriteByte(' ')
		case isInvisible(c):
			fmt.Fprintf(&b, "[U+%04X]", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// isInvisible reports whether a character is a control or format character
// (Unicode categories Cc and Cf, the latter with all marks of writing direction),
// a line separator, or an unassigned filler.
func isInvisible(c rune) bool {
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || c == '\u115f' || c == '\u3164'
}

// Cut returns text of at most limit characters, with an ellipsis where some of
// it was left out.
func Cut(text string, limit int) string {
	seen := 0
	for i := range text {
		if seen == limit {
			return text[:i] + "…"
		}
		seen++
	}
	return text
}

// number writes a count with its thousands set apart: "12,345".
func number(n any) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// part pairs values for a template that takes more than one.
func part(pairs ...any) (map[string]any, error) {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("part: key %d is no string", i)
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// Sentence returns a message as a sentence: with a capital, unless it begins
// with something that is no word, and with a full stop.
func Sentence(text string) string {
	if text == "" {
		return ""
	}
	first, _, _ := strings.Cut(text, " ")
	if first = strings.TrimRight(first, ":,"); !strings.ContainsFunc(first, func(c rune) bool { return !unicode.IsLetter(c) }) {
		c, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(c)) + text[size:]
	}
	if strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
