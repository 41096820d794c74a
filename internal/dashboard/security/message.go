package security

import (
	"context"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// actionUndo is the action of a change that took another one back. Telling it
// offers no undo of its own: the line of the last change does.
const actionUndo = "domain.undo"

// messageOf tells the visitor of the change that the address names.
func (p *Page) messageOf(ctx context.Context, who shell.Visitor, query url.Values) (*shell.Message, error) {
	c, isNews, err := p.shell.News(ctx, p.domains, who, query)
	if err != nil || !isNews {
		return nil, err
	}
	return messageFor(c, placeOf(query)), nil
}

func messageFor(c control.Change, at place) *shell.Message {
	m := &shell.Message{Kind: "done", Text: shell.Sentence(shell.Cut(c.Summary, maxShown))}
	if c.Action != actionUndo && !c.Undone {
		m.Undo = &shell.Undo{Action: Path + "/undo" + at.Query(), Change: c.ID}
	}
	return m
}
