package people

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// newsFor is how long something is told that was done.
const newsFor = 5 * time.Minute

// maxShown is how much of a summary is shown, in characters.
const maxShown = 200

// back sends the visitor to a page, to be told there what was done.
func back(w http.ResponseWriter, r *http.Request, who shell.Visitor, path string) error {
	return shell.Redirect(w, r, who, path+"?notice=done")
}

// newsOf tells the visitor what they did last, where the address asks for it and
// it is news. The text comes from the audit log.
func (p *Pages) newsOf(ctx context.Context, who shell.Visitor, r *http.Request) (*shell.Message, error) {
	if r.URL.Query().Get("notice") == "" {
		return nil, nil
	}
	last, err := p.accounts.Audit(ctx, control.AuditQuery{ListQuery: control.ListQuery{Limit: 1}, Actor: who.Name})
	if err != nil || len(last) == 0 {
		return nil, err
	}
	hint, known := hints()[last[0].Action]
	if !known || p.shell.Now().Sub(last[0].At) >= newsFor {
		return nil, nil
	}
	text := shell.Sentence(shell.Cut(last[0].Summary, maxShown))
	return &shell.Message{Kind: "done", Text: strings.TrimSpace(text + " " + hint)}, nil
}

// hints says what follows from each of the changes that are told, or how to take
// it back.
func hints() map[string]string {
	return map[string]string{
		"account.role":      "It holds from their next click on.",
		"account.remove":    "To let them in again, invite them.",
		"account.sessions":  "",
		"account.password":  "All your other sessions have ended.",
		"invitation.revoke": "Its link does not work any more.",
		"invitation.accept": "",
	}
}
