package gate

import "github.com/crossgate/crossgate/token"

// CarriesToken reports whether a query holds an access token, or what some server
// could take for one.
func CarriesToken(query string) bool {
	t := cutToken(query)
	return t.found || t.bad
}

// MayFollow reports whether a redirect of an unwrapped request may be followed in
// its place: the access token covers the new path and query, and the new query
// brings neither a token nor a method of its own.
func MayFollow(f *Facts, v Verdict, e *Edits, path, query string) bool {
	if CarriesToken(query) || hasOverride(query) {
		return false
	}
	if e.Grant == nil {
		return true
	}
	use := e.use(f, v)
	use.Path, use.RawQuery = path, query
	return e.Grant.Judge(use) == token.Allowed
}
