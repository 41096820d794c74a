package signin

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
)

// Fixtures are rendered without the control plane.
type (
	noSessions struct{}
	noAccounts struct{ controlPlane }

	controlPlane = Accounts // embedded by a name that is none of its methods
)

func (noSessions) Session(context.Context, string) (control.Session, error) {
	return control.Session{}, &control.Error{Code: control.CodeSignedOut}
}

func newTestPages(t *testing.T) *Pages {
	t.Helper()
	g, err := guard.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shell.New(shell.Config{
		Guard: g, Sessions: noSessions{}, Log: slog.New(slog.DiscardHandler), Now: time.Now, Styles: []shell.Style{Style()},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Shell: s, Guard: g, Accounts: noAccounts{}, Home: "/"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFixtures(t *testing.T) {
	const hostile = `"><script>alert(1)</script>` + "\u202e"
	p := newTestPages(t)
	wrong := map[string]string{"name": hostile, "password": hostile}
	tests := []struct {
		name  string
		view  *shell.View
		body  any
		shows string
	}{
		{"sign in", p.signIn, signInForm{Notice: notices["signed-out"]}, "You have signed out."},
		{"sign in, refused", p.signIn, signInForm{Name: hostile, Return: "/a?b=" + hostile, Error: hostile}, `role="alert"`},
		{"sign in, no account", p.signIn, signInForm{NoSetup: true}, "crossgate user add NAME"},
		{"set up", p.setup, setupForm{HasSecret: true, MinPassword: 12}, `minlength="12"`},
		{"set up, refused", p.setup, setupForm{HasSecret: true, Name: hostile, Error: hostile, Errors: wrong}, `id="password-error"`},
		{"set up, no secret", p.setup, setupForm{}, "crossgate user add NAME"},
		{"set up, wrong secret", p.setup, setupForm{Error: hostile}, "does not work any more"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			if err := p.shell.Render(w, http.StatusOK, test.view, shell.Page{Title: "Fixture", Body: test.body}); err != nil {
				t.Fatal(err)
			}
			if page := w.Body.String(); !strings.Contains(page, test.shows) || strings.Contains(page, "<script>") {
				t.Errorf("want %q and no script in\n%s", test.shows, page)
			}
			problems, err := htmlcheck.Page(bytes.NewReader(w.Body.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range problems {
				t.Error(problem)
			}
		})
	}
}
