package dashboard_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

const people = "/settings/people"

// withPerson makes another account, with the same password.
func (h *house) withPerson(name string, role control.Role) *house {
	h.t.Helper()
	if _, err := h.control.AddAccount(h.t.Context(), control.Actor{Kind: "command-line", Name: "root"}, name, password, role); err != nil {
		h.t.Fatal(err)
	}
	return h
}

// signedInAs returns a browser in which somebody has signed in.
func (h *house) signedInAs(name string) *browser {
	h.t.Helper()
	b := h.newBrowser()
	b.post("/sign-in", "name", name, "password", password).leads(h.t, "/")
	return b
}

// roles returns the accounts, as "name role".
func (h *house) roles() string {
	h.t.Helper()
	list, err := h.control.Accounts(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, a := range list {
		names = append(names, a.Name+" "+string(a.Role))
	}
	return strings.Join(names, ", ")
}

// link returns the path of the invitation that a page shows.
func link(t *testing.T, page answer) string {
	t.Helper()
	found := regexp.MustCompile(`id="invitation-link" data-copy>([^<]+)<`).FindStringSubmatch(page.body)
	if found == nil {
		t.Fatalf("no link is shown:\n%s", page.body)
	}
	u, err := url.Parse(html.UnescapeString(found[1]))
	if err != nil || u.Host == "" {
		t.Fatalf("the link %q: %v", found[1], err)
	}
	return u.RequestURI()
}

func TestInvite(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	b.get(people).shows(t, 200, "1 account", ">You</span>", `id="invite"`)
	made := b.post(people+"/invite", "name", "Grace@Example.com", "role", "editor")
	made.shows(t, 200, "grace@example.com", "is invited as Editor", "not shown again", `id="invitations-list"`)
	to := link(t, made)
	secret := strings.TrimPrefix(to, "/invitation?secret=")
	if strings.Contains(b.get(people).body, secret) {
		t.Error("the link is shown twice")
	}

	// The invited person has a browser of their own.
	g := h.newBrowser()
	opened := g.get(to)
	if opened.leads(t, "/invitation"); opened.location != "/invitation" || strings.Contains(opened.body, secret) {
		t.Errorf("the secret stays in the address: %q %q", opened.location, opened.body)
	}
	if cookie := opened.header.Get("Set-Cookie"); !strings.Contains(cookie, "Path=/invitation") || !strings.Contains(cookie, "HttpOnly") {
		t.Errorf("the cookie is %q", cookie)
	}
	form := g.get("/invitation")
	form.shows(t, 200, "ada", "has invited you", "as editor", `value="grace@example.com"`)
	if strings.Contains(form.body, secret) {
		t.Error("the page has the secret")
	}
	g.post("/invitation", "password", "short").shows(t, 422, "too short", `id="password-error"`)
	g.post("/invitation", "password", password).leads(t, "/")
	g.get("/settings/security").shows(t, 200, "grace@example.com")
	if got := h.roles(); got != "ada owner, grace@example.com editor" {
		t.Errorf("accounts: %s", got)
	}

	// The link works once.
	again := h.newBrowser()
	again.get(to).leads(t, "/invitation")
	again.get("/invitation").shows(t, 422, "does not work any more", "used already")
	again.post("/invitation", "password", password).shows(t, 422, "does not work any more")
	if strings.Contains(h.log.String(), secret) {
		t.Error("the log has the secret")
	}
}

func TestInvitationWithoutSecret(t *testing.T) {
	b := newHouse(t).withAccount().newBrowser()
	b.get("/invitation").shows(t, 200, "does not work any more")
	b.post("/invitation", "password", password).shows(t, 422, "does not work any more")
	b.get("/invitation?secret="+url.QueryEscape(`<script>alert(1)</script>`)).leads(t, "/invitation")
	b.get("/invitation").shows(t, 422, "does not work any more")
}

func TestRevokeInvitation(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	to := link(t, b.post(people+"/invite", "name", "grace", "role", "viewer"))
	b.post(people+"/invitations/1/revoke").leads(t, people+"?notice=done")
	b.get(people+"?notice=done").shows(t, 200, "Revoked the invitation of grace.", "does not work any more")
	g := h.newBrowser()
	g.get(to)
	g.get("/invitation").shows(t, 422, "does not work any more")
	b.post(people+"/invitations/1/revoke").shows(t, 404, "revoked")
	b.post(people+"/invitations/x/revoke").shows(t, 404)
}

func TestWrongInvitations(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	tests := []struct{ test, name, role, shows string }{
		{"no name", "", "viewer", `id="name-error"`},
		{"a name that is taken", "ADA", "viewer", "there is an account named ada already"},
		{"no role", "grace", "", `id="invite-role-error"`},
		{"no such role", "grace", "<script>", "no role"},
		{"markup for a name", `"><script>alert(1)</script>`, "viewer", `value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"`},
		{"a name that turns the text", "a\u202eb", "viewer", `id="name-error"`},
		{"a name too long", strings.Repeat("x", 10_000), "viewer", "longer than"},
	}
	for _, test := range tests {
		t.Run(test.test, func(t *testing.T) {
			got := b.post(people+"/invite", "name", test.name, "role", test.role)
			if got.status != 422 || !strings.Contains(strings.ToLower(got.body), strings.ToLower(test.shows)) {
				t.Errorf("got %d without %q:\n%s", got.status, test.shows, got.body)
			}
		})
	}
	if open, err := h.control.Invitations(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("invited: %v %v", open, err)
	}
}

func TestRolesAndRemoving(t *testing.T) {
	h := newHouse(t).withAccount().withPerson("bob", control.RoleViewer)
	b, bob := h.signedIn(), h.signedInAs("bob")
	at := people + "/accounts/"

	bob.get(people).shows(t, 200, "signed in as a viewer")
	bob.get(at+"bob").shows(t, 403, "takes an owner")
	b.get(at+"bob").shows(t, 200, `value="viewer" selected`, "signed in on 1 browser")
	b.post(at+"bob/role", "role", "owner").leads(t, people+"?notice=done")
	b.get(people+"?notice=done").shows(t, 200, "Made bob an owner.")
	bob.get(at+"ada").shows(t, 200, `id="remove-person"`)

	b.post(at+"bob/role", "role", "king").shows(t, 422, "no role", `id="person-error"`)
	b.post(at+"nobody/role", "role", "viewer").shows(t, 404)
	b.get(at+"nobody").shows(t, 404)

	b.post(at+"bob/sign-out").leads(t, people)
	bob.get(people).leads(t, "/sign-in")
	b.post(at+"bob/remove").leads(t, people)
	b.get(people+"?notice=done").shows(t, 200, "Removed account bob.")
	if got := h.roles(); got != "ada owner" {
		t.Errorf("accounts: %s", got)
	}
}

// Nobody can take the last owner away: it is said before, and refused.
func TestTheLastOwnerStays(t *testing.T) {
	h := newHouse(t).withAccount().withPerson("bob", control.RoleEditor)
	b := h.signedIn()
	b.get(people+"/accounts/ada").shows(t, 200, `id="last-owner"`, "only owner", `value="viewer" disabled`)
	b.post(people+"/accounts/ada/role", "role", "viewer").shows(t, 422, "only owner", `id="person-error"`)
	b.post(people+"/accounts/ada/remove").shows(t, 422, "only owner", `id="person-error"`)
	if page := b.get(people + "/accounts/bob"); strings.Contains(page.body, `id="last-owner"`) {
		t.Error("an editor is taken for the last owner")
	}
	if got := h.roles(); got != "ada owner, bob editor" {
		t.Errorf("accounts: %s", got)
	}
}

// Long lists stay on one page of a decent size, whatever is asked for.
func TestLongListsOfPeople(t *testing.T) {
	h := newHouse(t).withAccount()
	for i := range 30 {
		if _, _, err := h.control.Invite(t.Context(), control.Actor{Kind: "user", Name: account}, fmt.Sprintf("%s%02d", strings.Repeat("w", 60), i), control.RoleViewer); err != nil {
			t.Fatal(err)
		}
	}
	b := h.signedIn()
	b.get(people).shows(t, 200, "And 10 more")
	b.get(people+"?search=W29").shows(t, 200, "w29", "No account matches")
	b.get(people+"?search="+url.QueryEscape(`<script>alert(1)</script>`)).shows(t, 200, "&lt;script&gt;")
	for _, page := range []string{"0", "-1", "999999999999999999999", "7", "x"} {
		b.get(people+"?page="+page).shows(t, 200, "ada")
	}
}

func TestOwnPassword(t *testing.T) {
	h := newHouse(t).withAccount()
	b, other := h.signedIn(), h.signedIn()
	const next = "other words which are as long"
	b.get("/account").shows(t, 200, `id="change-password"`, "Owner")
	b.post("/account/password", "current", "wrong", "password", next).shows(t, 422, "not your current password", `id="current-error"`)
	b.post("/account/password", "current", password, "password", "short").shows(t, 422, `id="password-error"`)
	b.post("/account/password", "current", password, "password", password).shows(t, 422, "choose another one")
	b.post("/account/password", "current", password, "password", next).leads(t, "/account?notice=done")
	b.get("/account?notice=done").shows(t, 200, "Changed the password of ada.", "other sessions have ended")
	other.get("/account").leads(t, "/sign-in")
	h.newBrowser().post("/sign-in", "name", account, "password", password).shows(t, 422)
	h.newBrowser().post("/sign-in", "name", account, "password", next).leads(t, "/")
}

func TestOwnPasswordIsNotGuessed(t *testing.T) {
	b := newHouse(t).withAccount().signedIn()
	for range 20 {
		got := b.post("/account/password", "current", "wrong", "password", "whatever it may be")
		if got.status == http.StatusTooManyRequests {
			got.shows(t, 429, "Too many attempts")
			return
		}
	}
	t.Error("twenty wrong passwords, and no delay")
}

func TestOwnSessions(t *testing.T) {
	h := newHouse(t).withAccount().withPerson("bob", control.RoleOwner)
	b := h.signedIn()
	phone := h.newBrowser()
	phone.header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1")
	phone.post("/sign-in", "name", account, "password", password).leads(t, "/")
	page := b.get("/account")
	page.shows(t, 200, "Safari on iPhone", "This one", "127.0.0.1")

	end := regexp.MustCompile(`action="(/account/sessions/[^"]+)"`).FindAllStringSubmatch(page.body, -1)
	if len(end) != 1 {
		t.Fatalf("%d sessions can be ended, want 1:\n%s", len(end), page.body)
	}
	bob := h.signedInAs("bob")
	bob.post(end[0][1]).shows(t, 404, "ended already")
	phone.get("/account").shows(t, 200)
	b.post(end[0][1]).leads(t, "/account?notice=done")
	b.get("/account?notice=done").shows(t, 200, "Ended a session of ada.")
	phone.get("/account").leads(t, "/sign-in")
	b.post(end[0][1]).shows(t, 404, "ended already")

	second := h.signedIn()
	b.post("/account/sign-out-everywhere").leads(t, "/sign-in?notice=signed-out-everywhere")
	b.get("/sign-in?notice=signed-out-everywhere").shows(t, 200, "You have signed out everywhere.")
	b.get("/account").leads(t, "/sign-in")
	second.get("/account").leads(t, "/sign-in")
	bob.get("/account").shows(t, 200)
}

// What was done is told to whom did it, in the words of the log alone.
func TestOnlyOwnNewsIsTold(t *testing.T) {
	h := newHouse(t).withAccount().withPerson("bob", control.RoleOwner).withDomains("a.example")
	h.signedIn().post(people+"/invite", "name", "grace", "role", "viewer").shows(t, 200)
	for _, name := range []string{account, "bob"} {
		b := h.signedInAs(name)
		for _, path := range []string{people, "/account"} {
			if got := b.get(path + "?notice=You+were+robbed"); strings.Contains(got.body, `class="message `) {
				t.Errorf("%s is told something on %s", name, path)
			}
		}
	}
}
