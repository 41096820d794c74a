package portable

import (
	"strings"
	"unicode"
)

// eachWord visits the entries of a list in lines, and the comment behind each line's.
func (l *list) eachWord(text []byte, visit func(line int, word, comment string)) {
	line := 0
	for whole := range strings.Lines(string(text)) {
		line++
		words, comment, _ := strings.Cut(strings.TrimRight(whole, "\r\n"), "#")
		for word := range strings.FieldsFuncSeq(words, isBetween) {
			if l.full {
				return
			}
			visit(line, word, strings.TrimSpace(comment))
		}
	}
}

func isBetween(r rune) bool { return r == ',' || unicode.IsSpace(r) }

func readPlain(l *list, text []byte) {
	l.eachWord(text, func(line int, word, comment string) {
		l.addCommented(Entry{Line: line, Typed: word, Domain: word, Label: comment})
	})
}

// readVanilla reads Vanilla's Trusted Domains: there *.example.com is the apex and
// everything below it, and a bare domain is it in any scheme and at any port.
func readVanilla(l *list, text []byte) {
	l.eachWord(text, func(line int, word, comment string) {
		base, wildcard := strings.CutPrefix(word, "*.")
		switch {
		case strings.Contains(word, "://"):
			l.addCommented(Entry{Line: line, Typed: word, Domain: word, Label: comment})
		case wildcard:
			l.addCommented(Entry{Line: line, Typed: word, Domain: base, Label: comment})
			l.addCommented(Entry{Line: line, Typed: word, Domain: word, Label: comment})
			l.note(line, "%s meant the domain itself, too: it becomes %s and %s, over https at its usual port", word, base, word)
		default:
			l.addCommented(Entry{Line: line, Typed: word, Domain: word, Label: comment})
			l.note(line, "%s meant any scheme and port: it becomes https at its usual port; add http:// or another port by itself where it is needed", word)
		}
	})
}
