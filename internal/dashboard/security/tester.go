package security

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A tester answers "would this page be allowed?".
type tester struct {
	Typed  string   // as typed
	Answer *verdict // nil: nothing was asked
}

// A verdict is the gate's answer for one origin.
type verdict struct {
	Allowed bool
	Origin  string // what was judged
	Detail  string
	Nearest string // the entry that comes nearest, or ""
}

// try asks whether an origin would be allowed. Nothing typed is nothing asked.
func (p *Page) try(ctx context.Context, typed string) (tester, error) {
	if strings.TrimSpace(typed) == "" {
		return tester{}, nil
	}
	found, err := p.domains.Check(ctx, originOf(typed))
	if err != nil {
		return tester{}, err
	}
	return tester{Typed: typed, Answer: newVerdict(found)}, nil
}

func newVerdict(found control.CheckResult) *verdict {
	return &verdict{
		Allowed: found.Allowed, Origin: shell.Cut(found.Origin, maxEntry),
		Detail: shell.Sentence(shell.Cut(found.Detail, 2*maxEntry)), Nearest: found.Nearest,
	}
}

// check answers with the tester's verdict alone, for the script.
func (p *Page) check(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	found, err := p.try(r.Context(), r.URL.Query().Get("origin"))
	if err != nil {
		return err
	}
	return p.list.Fragment(w, who, "verdict", found)
}

// originOf returns the origin of what a person typed or copied from the address
// bar. What is no address is returned as it is, to be told why.
func originOf(typed string) string {
	text := strings.TrimSpace(typed)
	if text == "null" {
		return text
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return text
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}
