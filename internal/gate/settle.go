package gate

// ResponseEdits are what is changed of a response on its way to the page. Vary:
// Origin is added to every response, whatever these say.
type ResponseEdits struct {
	Replace     bool   // remove the upstream's CORS headers; the others here stand in their place
	AllowOrigin string // Access-Control-Allow-Origin; "" sends none
	Credentials bool   // Access-Control-Allow-Credentials: true
	Expose      string // Access-Control-Expose-Headers; "" sends none
	Unwrapped   bool   // Cache-Control at least private, no Set-Cookie, Referrer-Policy: no-referrer, nosniff
}

// Settle says what to change of a response, be it the upstream's or one that is
// made here. Of a refusal a page may read which one it is.
func Settle(s *Site, v Verdict, e *Edits) ResponseEdits {
	r := ResponseEdits{Replace: true, Unwrapped: e.Unwrapped()}
	switch v.Kind {
	case Exempt, Observed:
		r.Replace = false
	case Trusted:
		r.AllowOrigin = v.Origin
		r.Expose = s.expose
		if e.Problem != nil {
			r.Expose = "Crossgate-Reason"
		}
		r.Credentials = !r.Unwrapped && s.sharesCredentials(v)
	}
	return r
}
