package explain

import (
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/token"
)

// hidden stands for what is not shown.
const hidden = "…"

// ShownURL is an address as it may be printed: without user and password, with the
// names of the query's parameters and none of their values, nothing of a token, and
// nothing that could command a terminal: a redirect's address is a stranger's word.
func ShownURL(u *url.URL) string {
	shown := *u
	shown.User, shown.Fragment, shown.RawFragment = nil, "", ""
	text := shown.Scheme + "://" + printable(shown.Host) + shownPath(shown.EscapedPath())
	if u.RawQuery == "" {
		return text
	}
	var pairs []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, valued := strings.Cut(pair, "=")
		switch {
		case !valued && holdsSecret(name), valued && holdsSecret(name):
			pairs = append(pairs, hidden)
		case valued:
			pairs = append(pairs, name+"="+hidden)
		default:
			pairs = append(pairs, name)
		}
	}
	return text + "?" + printable(strings.Join(pairs, "&"))
}

func shownPath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if holdsSecret(s) {
			segments[i] = hidden
		}
	}
	return strings.Join(segments, "/")
}

// holdsSecret reports whether a text has one of Crossgate's own secrets in it, or is too
// long to be a name.
func holdsSecret(text string) bool {
	const longestName = 64
	return hasToken(text) || len(text) > longestName
}

// hasToken reports whether a text, percent-encoded or not, has one of Crossgate's own
// secrets in it.
func hasToken(text string) bool {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		plain = text
	}
	for i := range plain {
		if token.IsOurs(plain[i:]) {
			return true
		}
	}
	return false
}
