package refused

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
	"github.com/crossgate/crossgate/trust"
)

// noon is now in the fixtures.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// Fixtures are rendered without the control plane.
type noSessions struct{}

func (noSessions) Session(context.Context, string) (control.Session, error) {
	return control.Session{}, &control.Error{Code: control.CodeSignedOut}
}

// records trust some entries and ignore some origins.
type records struct {
	controlPlane
	entries []string
	aside   []control.IgnoredOrigin
}

type controlPlane = Records // embedded by a name that is none of its methods

func (r records) Rules(context.Context) (*gate.Site, error) {
	var list []trust.Entry
	for i, text := range r.entries {
		d, err := trust.ParseDomain(text)
		if err != nil {
			return nil, err
		}
		list = append(list, trust.Entry{ID: int64(i + 1), Domain: d})
	}
	return gate.NewSite(gate.SiteConfig{Trusted: trust.NewSet(list)}), nil
}

func (r records) IgnoredOrigins(context.Context) ([]control.IgnoredOrigin, error) {
	return r.aside, nil
}

// refusals are what was remembered.
type refusals []inspect.Origin

func (r refusals) RefusedOrigins() []inspect.Origin { return r }

func newTestPage(t *testing.T, r records, list refusals) *Page {
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
	site := Site{Records: r}
	if list != nil {
		site.Refusals = list
	}
	p, err := New(Config{Shell: s, Site: func(control.Place) Site { return site }, Inspector: "/inspector"})
	if err != nil {
		t.Fatal(err)
	}
	return p.at(control.Place{})
}

// origin is one that was refused.
func origin(text string, hits uint64) inspect.Origin {
	return inspect.Origin{
		Origin: text, Hits: hits, Reason: gate.OriginNotTrusted, First: noon.Add(-time.Hour), Last: noon.Add(-time.Minute), Paths: []string{"/discussions"},
	}
}

// rendered is the page at a spot, checked as a page.
func rendered(t *testing.T, p *Page, at shell.Spot) string {
	t.Helper()
	at.Path, at.Page = Path, max(1, at.Page)
	s, err := p.screen(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := p.shell.Render(w, http.StatusOK, p.view, shell.Page{Title: "Fixture", Path: Path, Visitor: &shell.Visitor{Name: "ada"}, Body: s}); err != nil {
		t.Fatal(err)
	}
	problems, err := htmlcheck.Page(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
	return w.Body.String()
}

// maxPage is the largest that a page may be, in bytes.
const maxPage = 60_000

// Whatever was sent as an origin and a path, the page is a page.
func TestFixtures(t *testing.T) {
	for name, text := range map[string]string{
		"script": `"><script>alert(1)</script>`, "turned": "app\u202emoc.live", "long": strings.Repeat("ü", 140),
	} {
		t.Run(name, func(t *testing.T) {
			var list refusals
			var aside []control.IgnoredOrigin
			for i := range 2 * pageSize {
				o := origin(fmt.Sprint(text, i), uint64(i))
				o.Reason, o.Uncertain = gate.Code(text), 3
				o.Paths = []string{text, text, text, text}
				list = append(list, o)
			}
			for i := range 2 * maxAside {
				aside = append(aside, control.IgnoredOrigin{Origin: fmt.Sprint(text, "aside", i), At: noon, By: shell.Cut(text, 64)})
			}
			page := rendered(t, newTestPage(t, records{aside: aside}, list), shell.Spot{Search: shell.Cut(text, 20)})
			page += rendered(t, newTestPage(t, records{aside: aside}, list), shell.Spot{Page: 99})
			if len(page) > 2*maxPage {
				t.Errorf("two pages of %d bytes, more than %d", len(page), 2*maxPage)
			}
			if strings.Contains(page, "<script>") {
				t.Error("what was sent became markup")
			}
		})
	}
}

// lacks and shows hold a page to what is on it.
func shows(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q:\n%s", text, page)
		}
	}
}

func lacks(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) {
			t.Errorf("the page shows %q:\n%s", text, page)
		}
	}
}
