package security

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// fieldSure is the field of a form that has seen what a change would do.
const fieldSure = "sure"

// An impact is the page that is shown before a change that would refuse origins which
// called lately: the dry run.
type impact struct {
	place
	Title   string // the question
	Does    string // the button: "Remove", "Switch off"
	Action  string // where the form goes
	IDs     []int64
	Version int64 // of the one entry that is switched off; 0: any
	Refused []affected
	More    int // that are not shown
}

// dryRun shows what taking entries away would do, and reports whether there is
// something to show. Where nobody who called lately is affected, there is not.
func (p *Page) dryRun(w http.ResponseWriter, r *http.Request, who shell.Visitor, ask impact, values url.Values) (shown bool, err error) {
	if values.Get(fieldSure) != "" {
		return false, nil
	}
	list, err := p.rehearse(r.Context(), control.Rehearsal{Without: ask.IDs})
	if err != nil || len(list) == 0 {
		return false, err
	}
	name, err := p.nameOf(r.Context(), ask.IDs)
	if err != nil {
		return false, err
	}
	ask.place, ask.Title = placeOf(values), ask.Does+" "+name+"?"
	ask.Refused, ask.More = list[:min(len(list), maxAffected)], max(0, len(list)-maxAffected)
	return true, p.shell.Render(w, http.StatusOK, p.impact, shell.Page{Title: shell.Visible(ask.Title), Path: Path, Visitor: &who, Body: ask})
}

// nameOf names entries by the first one.
func (p *Page) nameOf(ctx context.Context, ids []int64) (string, error) {
	d, err := p.domains.Domain(ctx, ids[0])
	if err != nil {
		return "", err
	}
	if len(ids) == 1 {
		return d.Domain.String(), nil
	}
	return d.Domain.String() + " and " + strconv.Itoa(len(ids)-1) + " more", nil
}
