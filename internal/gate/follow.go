package gate

import (
	"net/http"

	"github.com/crossgate/crossgate/token"
)

// IsRedirect reports whether a browser would follow a response with this status
// (Fetch standard, section 2.2.6).
func IsRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// SettleRedirect says what status goes down in place of one of the API's (rule 9): a
// redirect of an unwrapped request that is no GET or HEAD is refused, and one of an
// envelope is such that a browser goes on with GET and does not send the envelope again.
// The method is the request's own.
func (e *Edits) SettleRedirect(own string, status int) (int, Code) {
	if !e.Unwrapped() || !IsRedirect(status) {
		return status, ""
	}
	switch e.Method(own) {
	case "GET", "HEAD":
	default:
		return 0, RedirectBlocked
	}
	if e.Envelope != nil {
		status = http.StatusSeeOther
	}
	return status, ""
}

// CarriesToken reports whether a query holds an access token, or what some server
// could take for one.
func CarriesToken(query string) bool {
	t := cutToken(query)
	return t.found || t.bad
}

// MayFollow reports whether a redirect of an unwrapped request may be followed in
// its place: the access token, and the ticket that stood for it, cover the new path and
// query, and the new query brings neither a token nor a method of its own.
func MayFollow(f *Facts, v Verdict, e *Edits, path, query string) bool {
	if CarriesToken(query) || hasOverride(query) {
		return false
	}
	if e.Grant == nil {
		return true
	}
	use := e.use(f, v)
	use.Path, use.RawQuery = path, query
	if t := e.ticket; t != nil {
		if t.Judge(use, f.Upgrade, f.cameAt()) != token.Allowed {
			return false
		}
		use = asToken(t, use)
	}
	return e.Grant.Judge(use) == token.Allowed
}
