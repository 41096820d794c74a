package tokens

import (
	"context"
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// pageSize is how many tokens a page shows.
const pageSize = 25

// A list is one page of the list of access tokens.
type list struct {
	shell.Spot
	shell.Span
	shell.Reach
	Rows  []tokenView
	Lacks string // why the visitor cannot change anything here, or ""
}

// IsEmpty reports whether there is no token at all, not only none that was
// searched for.
func (l list) IsEmpty() bool { return l.Total == 0 && l.Search == "" }

func (p *Pages) showList(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	query := r.URL.Query()
	l, err := p.listAt(r.Context(), shell.SpotOf(Path, query))
	if err != nil {
		return err
	}
	l.Lacks = who.Lacks(control.RoleEditor)
	return p.shell.Render(w, http.StatusOK, p.list, shell.Page{
		Title: "Access tokens", Path: Path, Visitor: &who, Message: messageOf(query), Body: l,
	})
}

// listAt reads the page of the list at a spot, or its last page where the list has
// become shorter.
func (p *Pages) listAt(ctx context.Context, at shell.Spot) (list, error) {
	tokens, total, err := p.tokensAt(ctx, at)
	if last := shell.LastPage(total, pageSize); err == nil && at.Page > last {
		at.Page = last
		tokens, total, err = p.tokensAt(ctx, at)
	}
	if err != nil {
		return list{}, err
	}
	reach := shell.ReachOf(at.Search, func() (int, error) {
		_, n, err := p.tokens.Tokens(ctx, control.ListQuery{Limit: 1})
		return n, err
	})
	l := list{Reach: reach, Spot: at, Span: shell.SpanAt(at, pageSize, len(tokens), total)}
	for _, t := range tokens {
		l.Rows = append(l.Rows, newTokenView(p.shell.Now(), t))
	}
	l.Open = l.Bounded && l.Next != ""
	return l, nil
}

func (p *Pages) tokensAt(ctx context.Context, at shell.Spot) ([]control.Token, int, error) {
	return p.tokens.Tokens(ctx, control.ListQuery{Search: at.Search, Offset: (at.Page - 1) * pageSize, Limit: pageSize, Within: shell.SearchWithin})
}

// noticeRevoked is the "notice" of the address that a revocation leads to.
const noticeRevoked = "revoked"

// messageOf is what the address asks the list to say. An address has no words of
// its own.
func messageOf(query url.Values) *shell.Message {
	if query.Get("notice") != noticeRevoked {
		return nil
	}
	return &shell.Message{
		Kind: "done",
		Text: "The token is revoked: requests with it are refused within a second. That cannot be taken back; create another one where it is missed.",
	}
}
