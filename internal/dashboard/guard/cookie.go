package guard

import "net/http"

// The names of the session cookie. Cookies ignore ports, so the gateway takes
// both out of what it carries.
const (
	CookieName       = "crossgate"        // on plain-HTTP loopback
	SecureCookieName = "__Host-crossgate" // over https: set by this host alone, for every path
)

// sessionCookieName is the name under which this request's browser keeps the session.
func (g *Guard) sessionCookieName(r *http.Request) string {
	if g.Secure(r) {
		return SecureCookieName
	}
	return CookieName
}

// Session returns the session secret that the browser sent, or "".
func (g *Guard) Session(r *http.Request) string {
	c, err := r.Cookie(g.sessionCookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// SetSession hands the browser the secret of a new session. It ends with the
// browser, or earlier, when the control plane ends it.
func (g *Guard) SetSession(w http.ResponseWriter, r *http.Request, secret string) {
	http.SetCookie(w, g.sessionCookie(r, secret, 0))
}

// ClearSession makes the browser forget the session.
func (g *Guard) ClearSession(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, g.sessionCookie(r, "", -1))
}

func (g *Guard) sessionCookie(r *http.Request, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: g.sessionCookieName(r), Value: value, MaxAge: maxAge,
		Path: "/", HttpOnly: true, Secure: g.Secure(r), SameSite: http.SameSiteStrictMode,
	}
}
