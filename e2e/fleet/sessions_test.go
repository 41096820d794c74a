package fleet

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

const (
	person        = "ada"
	password      = "four ordinary words together"
	otherPassword = "four other words together"
)

// A visitor is a browser at the dashboards of a fleet. Cookies ignore ports: each node
// gets the same.
type visitor struct {
	t      *testing.T
	client *http.Client
}

func newVisitor(t *testing.T) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, &http.Client{
		Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post sends a form, and wants to be led on.
func (v *visitor) post(n *node, path string, fields ...string) {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	request, err := http.NewRequest(http.MethodPost, n.dashboard+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", n.dashboard)
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		v.t.Fatalf("%s at %s: %s", path, n.name, response.Status)
	}
}

// isIn reports whether a node shows the visitor what only people who are signed in see.
func (v *visitor) isIn(n *node) bool {
	v.t.Helper()
	response, err := v.client.Get(n.dashboard + "/account")
	if err != nil {
		v.t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// TestSessionsEndEverywhere signs in at one node and out at another, and changes the
// password of somebody who is signed in twice: no node goes on with a session that ended.
func TestSessionsEndEverywhere(t *testing.T) {
	t.Parallel()
	_, p := newServer(t, pgtest.Fast())
	f := newFleet(t, p)
	f.run(password+"\n", "user", "add", person, "--password-stdin")

	v := newVisitor(t)
	v.post(f.nodes[0], "/sign-in", "name", person, "password", password)
	v.wants(f, true)
	cookies := v.client.Jar
	v.client.Jar = frozen{cookies} // a thief keeps the cookie that the browser is told to forget
	v.post(f.nodes[1], "/sign-out")
	v.wants(f, false)

	one, two := newVisitor(t), newVisitor(t)
	one.post(f.nodes[0], "/sign-in", "name", person, "password", password)
	two.post(f.nodes[2], "/sign-in", "name", person, "password", password)
	one.wants(f, true)
	two.wants(f, true)
	f.run(otherPassword+"\n", "user", "password", person, "--password-stdin")
	one.wants(f, false)
	two.wants(f, false)
}

// wants holds every node to letting the visitor in, or not, at once.
func (v *visitor) wants(f *fleet, in bool) {
	v.t.Helper()
	for _, n := range f.nodes {
		if v.isIn(n) != in {
			v.t.Errorf("%s: signed in is %v, want %v", n.name, !in, in)
		}
	}
}

// frozen are cookies that nobody can change.
type frozen struct{ http.CookieJar }

func (frozen) SetCookies(*url.URL, []*http.Cookie) {}
