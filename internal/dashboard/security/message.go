package security

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A change is told once it was made, to whom made it, while it is news.
const (
	newsFor     = 5 * time.Minute
	newsChanges = 20 // how far back in the audit log a change is news, in changes
)

// actionUndo is the action of a change that took another one back. Telling it
// offers no undo of its own: the line of the last change does.
const actionUndo = "domain.undo"

// messageOf tells the visitor of the change that the address names. The text
// comes from the audit log, so an address can make nobody read anything else.
func (p *Page) messageOf(ctx context.Context, who shell.Visitor, query url.Values) (*shell.Message, error) {
	id, err := strconv.ParseInt(query.Get("change"), 10, 64)
	if err != nil {
		return nil, nil
	}
	changes, err := p.domains.Changes(ctx, control.ListQuery{Limit: newsChanges})
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.ID == id && c.Actor.Name == who.Name && p.shell.Now().Sub(c.At) < newsFor {
			return messageFor(c, placeOf(query)), nil
		}
	}
	return nil, nil
}

func messageFor(c control.Change, at place) *shell.Message {
	m := &shell.Message{Kind: "done", Text: shell.Sentence(shell.Cut(c.Summary, maxShown))}
	if c.Action != actionUndo && !c.Undone {
		m.Undo = &shell.Undo{Action: Path + "/undo" + at.Query(), Change: c.ID}
	}
	return m
}
