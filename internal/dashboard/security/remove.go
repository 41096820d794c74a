package security

import (
	"net/http"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// remove removes one entry or several. It asks first where that would refuse pages that
// called lately; otherwise the message that follows has the button that brings them back.
func (p *Page) remove(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	chosen := values["id"]
	if one := values.Get("one"); one != "" { // the button of a row, whatever is ticked
		chosen = []string{one}
	}
	ids, err := parseIDs(chosen)
	if err == nil {
		var shown bool
		if shown, err = p.dryRun(w, r, who, impact{Does: "Remove", Action: Path + "/remove", IDs: ids}, values); shown {
			return err
		}
	}
	if err == nil {
		var change control.Change
		if change, err = p.domains.RemoveDomains(r.Context(), who.Actor, ids); err == nil {
			return back(w, r, who, placeOf(values), change)
		}
	}
	return p.refused(w, r, who, placeOf(values), err)
}

func parseIDs(texts []string) ([]int64, error) {
	ids := make([]int64, len(texts))
	for i, text := range texts {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, shell.NotFound
		}
		ids[i] = id
	}
	return ids, nil
}

// undo takes one change back.
func (p *Page) undo(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(values.Get("change"), 10, 64)
	if err != nil {
		return shell.NotFound
	}
	at := placeOf(r.URL.Query())
	change, err := p.domains.Undo(r.Context(), who.Actor, id)
	if err != nil {
		return p.refused(w, r, who, at, err)
	}
	return p.backFrom(w, r, who, fromOf(r.URL.Query()), at, change)
}
