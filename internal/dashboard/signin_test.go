package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestFirstRun(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.get("/sign-in").shows(t, 200, "Nobody can sign in yet", "crossgate user add NAME")
	b.get("/setup").shows(t, 200, "does not work any more")

	secret, err := h.control.SetupSecret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link := b.get("/setup?secret=" + url.QueryEscape(secret))
	link.leads(t, "/setup")
	if link.location != "/setup" || strings.Contains(link.body, secret) {
		t.Errorf("the secret stays in the address: %q %q", link.location, link.body)
	}
	cookie := link.header.Get("Set-Cookie")
	for _, attribute := range []string{"Path=/setup", "HttpOnly", "SameSite=Lax", "Max-Age="} {
		if !strings.Contains(cookie, attribute) {
			t.Errorf("the cookie %q lacks %s", cookie, attribute)
		}
	}
	form := b.get("/setup")
	form.shows(t, 200, "Welcome to Crossgate", `name="password"`)
	if strings.Contains(form.body, secret) {
		t.Error("the page has the secret")
	}

	b.post("/setup", "name", account, "password", "short").shows(t, 422, "too short", `value="ada"`)
	done := b.post("/setup", "name", account, "password", password)
	done.leads(t, "/")
	b.get("/overview").shows(t, 200, "No request has come yet", "Trust the first domain")
	b.get("/settings/security").shows(t, 200, "No domain is trusted yet")

	// The link works once.
	again := h.newBrowser()
	again.get("/setup?secret="+url.QueryEscape(secret)).leads(t, "/setup")
	again.get("/setup").leads(t, "/sign-in?notice=set-up")
	again.post("/setup", "name", "eve", "password", password).shows(t, 422)
	if list, err := h.control.Accounts(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("accounts: %v %v", list, err)
	}
	if logged := h.log.String(); strings.Contains(logged, secret) {
		t.Error("the log has the secret")
	}
}

func TestWrongSetupSecret(t *testing.T) {
	h := newHouse(t)
	if _, err := h.control.SetupSecret(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := h.newBrowser()
	b.get("/setup?secret=guess").leads(t, "/setup")
	b.post("/setup", "name", account, "password", password).shows(t, 422, "not valid any more")
	if list, err := h.control.Accounts(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("accounts: %v %v", list, err)
	}
}

func TestSignIn(t *testing.T) {
	h := newHouse(t).withAccount()
	t.Run("wrong password", func(t *testing.T) {
		got := h.newBrowser().post("/sign-in", "name", account, "password", "<script>", "return", "/settings/security?page=2")
		got.shows(t, 422, "do not belong together", `value="ada"`, `value="/settings/security?page=2"`)
		if strings.Contains(got.body, "script&gt;") || strings.Contains(got.body, "<script>") {
			t.Error("the page repeats the password")
		}
	})
	for _, test := range []struct{ name, back, want string }{
		{"back to where it was asked for", "/settings/security?page=2", "/settings/security?page=2"},
		{"no further", "https://evil.example/", "/"},
		{"nor so", "//evil.example/", "/"},
		{"nor so", `/\evil.example/`, "/"},
		{"home", "", "/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := h.newBrowser().post("/sign-in", "name", account, "password", password, "return", test.back)
			if got.leads(t, test.want); got.location != test.want {
				t.Errorf("leads to %s", got.location)
			}
		})
	}
}

// Signing in gives a new session id and ends the one that the browser had.
func TestSessionIsNew(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.newBrowser()
	session := func() string {
		u, _ := url.Parse(h.url)
		for _, c := range b.client.Jar.Cookies(u) {
			return c.Value
		}
		return ""
	}
	b.post("/sign-in", "name", account, "password", password).leads(t, "/")
	first := session()
	b.post("/sign-in", "name", account, "password", password).leads(t, "/")
	second := session()
	if first == "" || second == "" || first == second {
		t.Fatalf("sessions %q and %q", first, second)
	}
	if _, err := h.control.Session(t.Context(), first); err == nil {
		t.Error("the session before goes on")
	}
	b.post("/sign-out").leads(t, "/sign-in?notice=signed-out")
	if _, err := h.control.Session(t.Context(), second); err == nil || session() != "" {
		t.Error("the session goes on after signing out")
	}
	b.get("/sign-in?notice=signed-out").shows(t, 200, "You have signed out.")
	b.get("/settings/security").leads(t, "/sign-in?return=")
}

func TestTooManyAttempts(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.newBrowser()
	for range 20 {
		got := b.post("/sign-in", "name", account, "password", "wrong")
		if got.status == http.StatusTooManyRequests {
			got.shows(t, 429, "Too many attempts", "try again")
			return
		}
	}
	t.Error("twenty wrong passwords, and no delay")
}

// A large body is not read before anybody has signed in.
func TestSignInFormLimit(t *testing.T) {
	h := newHouse(t).withAccount()
	h.newBrowser().post("/sign-in", "name", strings.Repeat("x", 10_000), "password", password).shows(t, 413)
}
