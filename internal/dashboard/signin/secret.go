package signin

import "net/http"

// secretCookieName is the cookie that keeps the secret of a link while the form
// that it leads to is filled in. It goes to that form's path alone.
const secretCookieName = "crossgate-setup"

// secretCookieLife is how long that may take, in seconds.
const secretCookieLife = 30 * 60

// secret returns the secret of the link that led to the path of the request.
func (p *Pages) secret(r *http.Request) string {
	c, err := r.Cookie(secretCookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

func (p *Pages) keepSecret(w http.ResponseWriter, r *http.Request, path, secret string) {
	http.SetCookie(w, p.secretCookie(r, path, secret, secretCookieLife))
}

func (p *Pages) forgetSecret(w http.ResponseWriter, r *http.Request, path string) {
	http.SetCookie(w, p.secretCookie(r, path, "", -1))
}

// secretCookie is Lax and not Strict: a link may be opened from a page of another
// site, such as a terminal or a mailbox in the browser, and the redirect that
// follows is then still that site's navigation.
func (p *Pages) secretCookie(r *http.Request, path, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: secretCookieName, Value: value, MaxAge: maxAge,
		Path: path, HttpOnly: true, Secure: p.guard.Secure(r), SameSite: http.SameSiteLaxMode,
	}
}
