package control_test

import (
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

const (
	password = "correct donkey battery"
	other    = "another donkey battery"
	address  = "192.0.2.7:4711"
)

func TestAccountRules(t *testing.T) {
	tests := []struct{ name, account, password, code string }{
		{"plain", "anna", password, ""},
		{"upper case is lower case", "  Bob.Smith@Example.com ", password, ""},
		{"taken", "ANNA", password, control.CodeExists},
		{"no name", " ", password, control.CodeInvalid},
		{"a long name", strings.Repeat("a", control.MaxAccountName+1), password, control.CodeInvalid},
		{"a blank in the name", "anna b", password, control.CodeInvalid},
		{"markup", "<b>", password, control.CodeInvalid},
		{"another alphabet", "аnna", password, control.CodeInvalid}, // Cyrillic а
		{"a leading dash", "-anna", password, control.CodeInvalid},
		{"a short password", "c", "elevenchars", control.CodeWeakPassword},
		{"twelve characters", "c", "twelve chars", ""},
		{"characters, not bytes", "d", "ääääääüüüüü", control.CodeWeakPassword}, // 11 characters, 22 bytes
		{"a long password", "d", strings.Repeat("long ", 300), control.CodeWeakPassword},
		{"no text", "d", "abcdefgh\xff\xfeijkl", control.CodeWeakPassword},
		{"the name", "administration", "Administration", control.CodeWeakPassword},
		{"the name with a number", "administration", "administration1!", control.CodeWeakPassword},
		{"the name twice", "donald", "donalddonald", control.CodeWeakPassword},
		{"common", "d", "Password1234", control.CodeWeakPassword},
		{"one character", "d", "zzzzzzzzzzzzzz", control.CodeWeakPassword},
		{"blanks within and around", "e", "  two  blanks  ", ""},
	}
	c, _ := newControl(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.AddAccount(t.Context(), anna, test.account, test.password, control.RoleOwner)
			bad := wantCode(t, err, test.code)
			if bad != nil && strings.Contains(bad.Message, test.password) {
				t.Errorf("the message repeats the password: %q", bad.Message)
			}
		})
	}
	list, err := c.Accounts(t.Context())
	must(t, err)
	names := []string{}
	for _, a := range list {
		names = append(names, a.Name)
	}
	same(t, names, []string{"anna", "bob.smith@example.com", "c", "e"})
}

func TestSignIn(t *testing.T) {
	c, at := newControl(t)
	_, err := c.AddAccount(t.Context(), anna, "anna", password, control.RoleOwner)
	must(t, err)
	tests := []struct{ name, account, password, code string }{
		{"right", " Anna ", password, ""},
		{"a wrong password", "anna", other, control.CodeWrongCredentials},
		{"a longer password", "anna", password + " ", control.CodeWrongCredentials},
		{"a much longer password", "anna", password + strings.Repeat("x", control.MaxPassword), control.CodeWrongCredentials},
		{"an unknown name", "bob", password, control.CodeWrongCredentials},
		{"no name", "", "", control.CodeWrongCredentials},
	}
	messages := map[string]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at.forward(time.Minute)
			cookie, err := c.SignIn(t.Context(), test.account, test.password, address, "a browser")
			bad := wantCode(t, err, test.code)
			if bad != nil {
				messages[bad.Message] = true
				same(t, cookie, "")
				return
			}
			s, err := c.Session(t.Context(), cookie)
			must(t, err)
			same(t, s.Account.Name, "anna")
			same(t, s.Account.LastLogin, at.Now())
		})
	}
	if len(messages) != 1 {
		t.Errorf("unknown names and wrong passwords are told apart: %v", messages)
	}
}

func TestSessionsEnd(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, c *control.Service, at *clock, cookie string)
		over bool
	}{
		{"at once", func(*testing.T, *control.Service, *clock, string) {}, false},
		{"nearly idle for too long", func(_ *testing.T, _ *control.Service, at *clock, _ string) {
			at.forward(control.SessionIdle - time.Millisecond)
		}, false},
		{"idle for too long", func(_ *testing.T, _ *control.Service, at *clock, _ string) {
			at.forward(control.SessionIdle)
		}, true},
		{"used now and then", func(t *testing.T, c *control.Service, at *clock, cookie string) {
			use(t, c, at, cookie, 3*time.Hour)
		}, false},
		{"used now and then for too long", func(t *testing.T, c *control.Service, at *clock, cookie string) {
			use(t, c, at, cookie, control.SessionLifetime-10*time.Minute)
			at.forward(10 * time.Minute)
		}, true},
		{"signed out", func(t *testing.T, c *control.Service, _ *clock, cookie string) {
			must(t, c.SignOut(t.Context(), cookie))
			must(t, c.SignOut(t.Context(), cookie)) // no error
		}, true},
		{"another password", func(t *testing.T, c *control.Service, _ *clock, _ string) {
			must(t, c.SetPassword(t.Context(), anna, "anna", other))
		}, true},
		{"account removed", func(t *testing.T, c *control.Service, _ *clock, _ string) {
			_, err := c.AddAccount(t.Context(), anna, "bob", other, control.RoleOwner)
			must(t, err)
			must(t, c.RemoveAccount(t.Context(), anna, "ANNA"))
		}, true},
		{"too many of them", func(t *testing.T, c *control.Service, at *clock, _ string) {
			for range control.MaxSessions {
				at.forward(time.Millisecond)
				_, err := c.SignIn(t.Context(), "anna", password, address, "a browser")
				must(t, err)
			}
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, at := newControl(t)
			_, err := c.AddAccount(t.Context(), anna, "anna", password, control.RoleOwner)
			must(t, err)
			cookie, err := c.SignIn(t.Context(), "anna", password, address, "a browser")
			must(t, err)
			test.do(t, c, at, cookie)
			_, err = c.Session(t.Context(), cookie)
			wantCode(t, err, map[bool]string{true: control.CodeSignedOut, false: ""}[test.over])
		})
	}
}

// use uses a session every ten minutes.
func use(t *testing.T, c *control.Service, at *clock, cookie string, d time.Duration) {
	t.Helper()
	for ; d > 0; d -= 10 * time.Minute {
		at.forward(10 * time.Minute)
		if _, err := c.Session(t.Context(), cookie); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSessionCookies(t *testing.T) {
	c, _ := newControl(t)
	_, err := c.AddAccount(t.Context(), anna, "anna", password, control.RoleOwner)
	must(t, err)
	one, err := c.SignIn(t.Context(), "anna", password, address, "a browser")
	must(t, err)
	two, err := c.SignIn(t.Context(), "anna", password, address, "a browser")
	must(t, err)
	if one == two || len(one) < 43 {
		t.Errorf("the cookies %q and %q are not 256 fresh bits each", one, two)
	}
	for _, cookie := range []string{"", "x", one + "x", one[1:]} {
		_, err := c.Session(t.Context(), cookie)
		wantCode(t, err, control.CodeSignedOut)
	}
}

func TestPasswordAndRemoval(t *testing.T) {
	c, _ := newControl(t)
	_, err := c.AddAccount(t.Context(), anna, "anna", password, control.RoleOwner)
	must(t, err)
	wantCode(t, c.SetPassword(t.Context(), anna, "bob", password), control.CodeNotFound)
	wantCode(t, c.SetPassword(t.Context(), anna, "anna", "short"), control.CodeWeakPassword)
	wantCode(t, c.RemoveAccount(t.Context(), anna, "bob"), control.CodeNotFound)
	wantCode(t, c.RemoveAccount(t.Context(), anna, "anna"), control.CodeLastAccount)

	must(t, c.SetPassword(t.Context(), anna, "Anna", other))
	_, err = c.SignIn(t.Context(), "anna", password, address, "a browser")
	wantCode(t, err, control.CodeWrongCredentials)
	_, err = c.SignIn(t.Context(), "anna", other, address, "a browser")
	must(t, err)
	same(t, changes(t, c), []string{"account.password: changed the password of anna", "account.add: added account anna"})
}

func TestGuessingIsSlow(t *testing.T) {
	for _, account := range []string{"anna", "unknown"} {
		t.Run(account, func(t *testing.T) {
			c, at := newControl(t)
			_, err := c.AddAccount(t.Context(), anna, "anna", password, control.RoleOwner)
			must(t, err)
			guess := func(from, code string) {
				t.Helper()
				_, err := c.SignIn(t.Context(), account, "a wrong password", from, "a browser")
				wantCode(t, err, code)
			}
			// Some guesses are free, then the account waits, whoever asks.
			for _, from := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6"} {
				guess(from, control.CodeWrongCredentials)
			}
			guess("192.0.2.7", control.CodeTooManyAttempts)
			at.forward(time.Second)
			guess("192.0.2.8", control.CodeWrongCredentials)
			at.forward(time.Second) // each wait is twice the last
			guess("192.0.2.9", control.CodeTooManyAttempts)
			at.forward(time.Second)
			guess("192.0.2.10", control.CodeWrongCredentials)
		})
	}
}

// Somebody else's guesses do not lock the owner out for long.
func TestOwnerGetsInAfterGuesses(t *testing.T) {
	c, at := newControl(t)
	_, err := c.AddAccount(t.Context(), anna, "anna", password, control.RoleOwner)
	must(t, err)
	for range 100 {
		_, err := c.SignIn(t.Context(), "anna", "a wrong password", "192.0.2.1", "a browser")
		if err == nil {
			t.Fatal("a wrong password was right")
		}
		at.forward(10 * time.Second)
	}
	at.forward(30 * time.Second)
	_, err = c.SignIn(t.Context(), "anna", password, "192.0.2.2", "a browser")
	must(t, err)
}

// One visitor who tries many names is slowed down as well, and an IPv6 network is
// one visitor.
func TestGuessingNamesIsSlow(t *testing.T) {
	for name, from := range map[string][2]string{
		"IPv4":             {"192.0.2.9:1", "192.0.2.9:2"},
		"IPv6":             {"[2001:db8::1]:1", "[2001:db8::ffff]:2"},
		"IPv4 within IPv6": {"192.0.2.8:1", "[::ffff:192.0.2.8]:2"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newControl(t)
			for i := range 6 {
				_, err := c.SignIn(t.Context(), "name"+strings.Repeat("x", i), password, from[0], "a browser")
				wantCode(t, err, control.CodeWrongCredentials)
			}
			_, err := c.SignIn(t.Context(), "fresh", password, from[1], "a browser")
			wantCode(t, err, control.CodeTooManyAttempts)
			_, err = c.SignIn(t.Context(), "fresh", password, "203.0.113.99:1", "a browser")
			wantCode(t, err, control.CodeWrongCredentials)
		})
	}
}
