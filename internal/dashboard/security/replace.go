package security

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replaceEntry replaces an entry of the text by another. The two come as one
// value, the entry and the other one, with a space between.
func replaceEntry(text, replacement string) string {
	entry, other, found := strings.Cut(replacement, " ")
	if !found || entry == "" {
		return text
	}
	for from := 0; ; {
		i := strings.Index(text[from:], entry)
		if i < 0 {
			return text
		}
		start := from + i
		end := start + len(entry)
		if endsEntry(text[:start]) && beginsAfterEntry(text[end:]) {
			return text[:start] + other + text[end:]
		}
		from = end
	}
}

// endsEntry reports whether a new entry may begin behind the text.
func endsEntry(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return text == "" || isBetween(last)
}

// beginsAfterEntry reports whether an entry may end before the text.
func beginsAfterEntry(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text == "" || isBetween(first)
}

// isBetween reports whether a character stands between entries.
func isBetween(c rune) bool { return c == ',' || unicode.IsSpace(c) }
