package observe

import (
	"regexp"
	"strings"
)

// cut stands in the log where a secret was.
const cut = "[cut]"

// secrets are the shapes in which a token appears in text. The first group of
// each is kept: it says what was there.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(cg[tka](?:_|%5[fF]))[0-9A-Za-z%_.~-]+`),
	regexp.MustCompile(`(?i)((?:access_|refresh_|id_)?token(?:=|%3d))[^&;\s"']*`),
	regexp.MustCompile(`(?i)\b((?:bearer|basic|negotiate|ntlm)(?:\s|%20|\+)+)[^\s"',;]+`),
}

// Redact returns s with everything that looks like a token cut out. It costs
// next to nothing where there is nothing to cut.
func Redact(s string) string {
	if !suspicious(s) {
		return s
	}
	for _, secret := range secrets {
		s = secret.ReplaceAllString(s, "${1}"+cut)
	}
	return s
}

// suspicious reports whether it is worth looking closer.
func suspicious(s string) bool {
	for i := 0; i+3 < len(s); i++ {
		switch s[i] | 0x20 {
		case 'c':
			if s[i+1] == 'g' && (s[i+3] == '_' || s[i+3] == '%') {
				return true
			}
		case 'b', 'n', 't':
			if word := lowerPrefix(s[i:]); word {
				return true
			}
		}
	}
	return false
}

// lowerPrefix reports whether s begins with a word that a secret follows.
func lowerPrefix(s string) bool {
	for _, word := range [...]string{"bearer", "basic", "negotiate", "ntlm", "token=", "token%"} {
		if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) {
			return true
		}
	}
	return false
}
