package security

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
	"github.com/crossgate/crossgate/trust"
)

// noon is now in the fixtures.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// Fixtures are rendered without the control plane.
type (
	noSessions struct{}
	noDomains  struct{ controlPlane }

	controlPlane = Domains // embedded by a name that is none of its methods
)

func (noSessions) Session(context.Context, string) (control.Session, error) {
	return control.Session{}, &control.Error{Code: control.CodeSignedOut}
}

func newTestPage(t *testing.T) *Page {
	t.Helper()
	g, err := guard.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shell.New(shell.Config{
		Guard: g, Sessions: noSessions{}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return noon }, Styles: []shell.Style{Style()},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Shell: s, Site: func(control.Place) Site { return Site{Domains: noDomains{}} }})
	if err != nil {
		t.Fatal(err)
	}
	return p.at(control.Place{})
}

func mustDomain(t *testing.T, entry string) trust.Domain {
	t.Helper()
	d, err := trust.ParseDomain(entry)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The worst that anybody could have typed, or got into the records.
const script = `"><script>alert(1)</script>`

var (
	turned = "app\u202emoc.live"
	long   = strings.Repeat("ü", 10_000)
)

// worstRow has everything that a row can have, all of it hostile.
func worstRow(t *testing.T, text string) row {
	r := newRow(noon, control.Domain{
		ID: 7, Version: 3, Domain: mustDomain(t, "xn--bcher-kva.example"), Label: text, CreatedBy: shell.Cut(text, 64),
		CreatedAt: noon.Add(-time.Hour), ExpiresAt: noon.Add(time.Hour), LastSeen: noon, Hits: 12345,
	})
	return r
}

// screens are the fixtures of the page, by name.
func screens(t *testing.T) map[string]screen {
	filled := map[string]screen{"empty": {}}
	for name, text := range map[string]string{"script": script, "turned": turned, "long": long} {
		line := control.Line{Entry: text, Status: control.RefusedLine, Code: "entry-character", Message: text, Suggest: shell.Cut(text, 64)}
		risky := control.Line{
			Entry: "*.co.uk", Domain: mustDomain(t, "*.co.uk"), Status: control.RefusedLine, Code: control.CodeNeedsConfirmation,
			Confirm: []trust.Confirmation{trust.ConfirmPublicSuffix, trust.ConfirmLookAlike}, Like: text,
		}
		seen := newPreview([]control.Line{line, risky}, []string{text})
		seen.LetsIn, seen.MoreIn = []affected{{Origin: shell.Cut(text, maxEntry), Hits: 1}}, 2
		filled[name] = screen{
			Add: addForm{
				From: FromInbox,
				Text: text, Label: text, Reason: text, Error: shell.Cut(text, 300), Ticks: []string{text},
				Errors:  map[string]string{"label": "wrong", "reason": "wrong", "expires": "wrong"},
				Expiry:  shell.Expiry{Choice: text, Date: text, Proposed: true},
				Preview: seen,
			},
			List:   list{place: place{Path: Path, Search: text, Page: 2}, Span: shell.Span{Total: 26, From: 26, To: 26, Prev: Path}, Rows: []row{worstRow(t, text)}},
			Tester: tester{Typed: text, Answer: newVerdict(control.CheckResult{Origin: text, Detail: text, Nearest: "app.example.com"})},
			Last:   &lastChange{ID: 9, Summary: shell.Cut(text, maxShown), By: text, At: shell.NewWhen(noon, noon)},
			Locked: []shell.Locked{{Name: "Upstream", Value: text, Given: "--upstream"}},
		}
	}
	return filled
}

func TestPageFixtures(t *testing.T) {
	p := newTestPage(t)
	for name, s := range screens(t) {
		t.Run(name, func(t *testing.T) {
			checkRendered(t, p.shell, p.list, s)
		})
	}
}

func TestImpactFixtures(t *testing.T) {
	p := newTestPage(t)
	for name, text := range map[string]string{"script": script, "turned": turned, "long": shell.Cut(long, maxEntry)} {
		t.Run(name, func(t *testing.T) {
			one := affected{Origin: text, By: text, Hits: 12345, Last: shell.NewWhen(noon, noon.Add(-time.Hour))}
			checkRendered(t, p.shell, p.impact, impact{
				place: place{Path: Path, Search: text, Page: 2}, Title: text, Does: "Remove", Action: Path + "/remove",
				IDs: []int64{1, 2}, Version: 3, Refused: slices.Repeat([]affected{one}, maxAffected), More: 7,
			})
		})
	}
}

func TestEditFixtures(t *testing.T) {
	p := newTestPage(t)
	for name, text := range map[string]string{"script": script, "turned": turned, "long": long} {
		t.Run(name, func(t *testing.T) {
			form := p.newEditForm(control.Domain{ID: 7, Typed: text, Domain: mustDomain(t, "http://localhost"), ExpiresAt: noon}, place{Path: Path, Search: text, Page: 2})
			form.Label, form.Error = text, text
			form.Errors = map[string]string{"label": "wrong", "expires": "wrong"}
			checkRendered(t, p.shell, p.edit, form)
		})
	}
}

// checkRendered renders a page around a body and finds what is wrong with it.
func checkRendered(t *testing.T, s *shell.Shell, v *shell.View, body any) {
	t.Helper()
	w := httptest.NewRecorder()
	page := shell.Page{
		Title: "Fixture", Path: Path, Visitor: &shell.Visitor{Name: "ada"}, Body: body,
		Message: &shell.Message{Kind: "done", Text: "Done.", Undo: &shell.Undo{Action: Path + "/undo", Change: 1}},
	}
	if err := s.Render(w, http.StatusOK, v, page); err != nil {
		t.Fatal(err)
	}
	html := w.Body.String()
	if strings.Contains(html, "<script>") || strings.Contains(visibleText(html), "\u202e") {
		t.Error("what was typed became markup, or turns the text")
	}
	problems, err := htmlcheck.Page(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}

// visibleText leaves out what a form has to send back as it was typed: the values
// of its fields, which turn no text around them.
func visibleText(page string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(page, "<") {
		tag, text, _ := strings.Cut(part, ">")
		if !strings.HasPrefix(tag, "textarea") {
			_, _ = io.WriteString(&b, text)
		}
	}
	return b.String()
}
