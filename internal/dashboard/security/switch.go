package security

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

func (p *Page) switchOn(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.turn(w, r, who, true)
}

func (p *Page) switchOff(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.turn(w, r, who, false)
}

// turn switches one entry on or off. The address says which, so that sending it
// twice does no more than sending it once. Before it is switched off, the visitor is
// told which pages that would refuse.
func (p *Page) turn(w http.ResponseWriter, r *http.Request, who shell.Visitor, on bool) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	id, err := entryID(r)
	if err != nil {
		return err
	}
	// What no form of ours sends is version 0, any: the switch has but two ends.
	version, _ := strconv.ParseInt(values.Get("version"), 10, 64)
	if !on {
		ask := impact{Does: "Switch off", Action: fmt.Sprintf("%s/domains/%d/off", Path, id), IDs: []int64{id}, Version: version}
		if shown, err := p.dryRun(w, r, who, ask, values); shown {
			return err
		} else if err != nil {
			return p.refused(w, r, who, placeOf(values), err)
		}
	}
	_, change, err := p.domains.SetDomain(r.Context(), who.Actor, control.SetDomain{ID: id, Version: version, Enabled: &on})
	if err != nil {
		return p.refused(w, r, who, placeOf(values), err)
	}
	return backTo(w, r, who, placeOf(values), change, id)
}
