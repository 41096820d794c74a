package doctor

import (
	"slices"
	"strings"
)

// longestShown is how much of a field's value is shown, in bytes.
const longestShown = 200

// shownField is a field as evidence shows it. It is for fields that hold no secrets.
func shownField(name string, values []string) string {
	name = properName(name)
	if len(values) == 0 {
		return "no " + name
	}
	text := strings.Join(values, "\" and \"")
	if len(values) > 1 {
		text = "\"" + text + "\""
	}
	if len(text) > longestShown {
		text = strings.ToValidUTF8(text[:longestShown], "") + "…"
	}
	return name + ": " + plainText(text)
}

// plainText is text without what could command a terminal.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// properName writes a name as people do: Access-Control-Allow-Origin.
func properName(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "-")
}

func equal(a, b []string) bool { return slices.Equal(a, b) }
