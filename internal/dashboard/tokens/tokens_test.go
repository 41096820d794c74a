package tokens

import (
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

func mustDomains(t *testing.T, entries ...string) []trust.Domain {
	t.Helper()
	var all []trust.Domain
	for _, entry := range entries {
		d, err := trust.ParseDomain(entry)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

func TestLimits(t *testing.T) {
	tests := []struct {
		name  string
		token control.Token
		want  string
	}{
		{"none", control.Token{QueryCarrier: token.QueryFull}, ""},
		{"methods", control.Token{Methods: []string{"GET", "POST"}}, "GET, POST only"},
		{"path", control.Token{PathPrefix: "/api"}, "below /api"},
		{"long path", control.Token{PathPrefix: "/" + strings.Repeat("x", 200)}, "below /" + strings.Repeat("x", 79) + "…"},
		{"pages", control.Token{Domains: mustDomains(t, "a.example", "b.example")}, "pages of a.example, b.example"},
		{"many pages", control.Token{Domains: mustDomains(t, "a.example", "b.example", "c.example", "d.example")}, "pages of a.example, b.example, c.example and 1 more"},
		{"servers, too", control.Token{Domains: mustDomains(t, "a.example"), Servers: true}, "pages of a.example, and servers"},
		{"never in a query", control.Token{QueryCarrier: token.QueryOff}, "not in a query"},
		{"in few queries", control.Token{QueryCarrier: token.QueryRead}, "in the query of GET and HEAD only"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(limits(test.token), "; "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestBadges(t *testing.T) {
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		token control.Token
		want  string
	}{
		{"of use for ever", control.Token{}, ""},
		{"of use", control.Token{ExpiresAt: noon.Add(time.Hour)}, "Expires in 1 hour"},
		{"expired", control.Token{ExpiresAt: noon}, "Expired just now"},
		{"revoked", control.Token{RevokedAt: noon.Add(-time.Hour), ExpiresAt: noon}, "Revoked 1 hour ago"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, b := range badges(noon, test.token) {
				got += b.Text
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// The examples are calls that the token is good for, and what is in them is
// quoted for where it goes.
func TestSnippets(t *testing.T) {
	const api = "https://api.example.com"
	tests := []struct {
		name  string
		token control.Token
		want  []string
		not   string
	}{
		{
			"every limit left out",
			control.Token{QueryCarrier: token.QueryFull},
			[]string{`fetch("https://api.example.com/", {`, `"Bearer cgt_x"`, `fetch("https://api.example.com/?access_token=cgt_x");`, "curl -H 'Authorization: Bearer cgt_x' 'https://api.example.com/'"},
			"Origin",
		},
		{"never in a query", control.Token{QueryCarrier: token.QueryOff}, []string{"Bearer cgt_x"}, "access_token"},
		{"writes, read-only in a query", control.Token{QueryCarrier: token.QueryRead, Methods: []string{"PATCH"}}, []string{`method: "PATCH"`, "curl -X PATCH"}, "access_token"},
		{"HEAD", control.Token{QueryCarrier: token.QueryRead, Methods: []string{"HEAD"}}, []string{`method: "HEAD"`, "curl --head"}, "-X"},
		{"a path of odd characters", control.Token{PathPrefix: "/a'b&$(c)"}, []string{`fetch("https://api.example.com/a'b&$(c)", {`, `'https://api.example.com/a'\''b&$(c)'`}, `\u0026`},
		{"bound", control.Token{Domains: mustDomains(t, "app.example.com")}, []string{"-H 'Origin: https://app.example.com'"}, "Servers"},
		{"bound to names below", control.Token{Domains: mustDomains(t, "*.example.com")}, []string{"-H 'Origin: https://www.example.com'"}, "*"},
		{"bound to http", control.Token{Domains: mustDomains(t, "http://localhost:3000")}, []string{"-H 'Origin: http://localhost:3000'"}, "https://localhost"},
		{"bound, and for servers", control.Token{Domains: mustDomains(t, "app.example.com"), Servers: true}, []string{"Servers call the same way."}, "Origin"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var text strings.Builder
			for _, s := range snippets(api, test.token, "cgt_x") {
				text.WriteString(s.Note + "\n" + s.Code + "\n")
			}
			for _, want := range test.want {
				if !strings.Contains(text.String(), want) {
					t.Errorf("no %s in\n%s", want, text.String())
				}
			}
			if strings.Contains(text.String(), test.not) {
				t.Errorf("%s in\n%s", test.not, text.String())
			}
		})
	}
}

func TestSentForms(t *testing.T) {
	var s sentForms
	for range 2 {
		if !s.begin("") {
			t.Error("a form without a text is held to be sent again")
		}
	}
	if first, second := s.begin("a"), s.begin("a"); !first || second {
		t.Error("the second time is not told from the first")
	}
	s.forget("a")
	if !s.begin("a") {
		t.Error("what made nothing cannot be sent again")
	}
	for range maxSentForms {
		s.begin(newOnce())
	}
	if len(s.known) != maxSentForms || !s.begin("a") {
		t.Errorf("%d forms are remembered", len(s.known))
	}
}
