package shell

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// A change is told once it was made, to whom made it, while it is news.
const (
	newsFor     = 5 * time.Minute
	newsChanges = 20 // how far back in the audit log a change is news, in changes
)

// Changes is the audit log. The control plane is one.
type Changes interface {
	Changes(ctx context.Context, q control.ListQuery) ([]control.Change, error)
}

// News returns the change that an address names with its "change", where it is
// the visitor's own and new. What is told of it comes from the audit log, so an
// address can make nobody read anything else.
func (s *Shell) News(ctx context.Context, log Changes, who Visitor, query url.Values) (c control.Change, isNews bool, err error) {
	id, err := strconv.ParseInt(query.Get("change"), 10, 64)
	if err != nil {
		return control.Change{}, false, nil
	}
	changes, err := log.Changes(ctx, control.ListQuery{Limit: newsChanges})
	if err != nil {
		return control.Change{}, false, err
	}
	for _, c := range changes {
		if c.ID == id && c.Actor.Name == who.Name && s.now().Sub(c.At) < newsFor {
			return c, true, nil
		}
	}
	return control.Change{}, false, nil
}
