package policy

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// pathTickets is where the keys of tickets are rotated.
const pathTickets = Path + "/ticket-keys"

// noticeNext is the "notice" of the address where a new key is about to sign already.
const noticeNext = "next"

// ticketView is what the page shows of the keys of tickets.
type ticketView struct {
	Signing  shell.When // since when the key signs that does now
	Next     shell.When // when another one will
	None     bool       // there is no key yet
	Error    string     // why nothing is known of them, or what was wrong
	Rotating bool       // Error is about an attempt to rotate
	Lacks    string     // why the visitor cannot rotate them, or ""
}

// ticketsOf shows the keys as they are.
func (p *Page) ticketsOf(ctx context.Context, who shell.Visitor) (ticketView, error) {
	v := ticketView{Lacks: who.LacksEverywhere(control.RoleOwner)}
	keys, err := p.policies.TicketKeys(ctx)
	if refused, ok := errors.AsType[*control.Error](err); ok && refused.Code == control.CodeSecretSealed {
		v.Error = toldOf(refused)
		return v, nil
	}
	if err != nil {
		return v, err
	}
	now := p.shell.Now()
	v.None = len(keys.From) == 0
	v.Signing = shell.NewWhen(now, keys.Signing(now))
	v.Next = shell.NewWhen(now, nextKey(keys, now))
	return v, nil
}

// toldOf is what the page says of a refusal. Of keys that cannot be opened, the way out
// is on the page itself.
func toldOf(refused *control.Error) string {
	if refused.Code != control.CodeSecretSealed {
		return shell.Sentence(refused.Message)
	}
	return "The keys cannot be opened with the secret key of this server, so there are no tickets. Start it with the secret key " +
		"that they were sealed with; or make a new one here, with the box ticked."
}

// nextKey is when another key will sign: that which is on its way, or the one that the
// server will make.
func nextKey(keys control.TicketKeys, now time.Time) time.Time {
	next, signing := keys.Next(now), keys.Signing(now)
	if next.IsZero() && !signing.IsZero() {
		next = signing.Add(control.TicketKeyAge)
	}
	return next
}

// rotate has another key sign tickets: soon, or at once and alone.
func (p *Page) rotate(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	_, change, err := p.policies.RotateTicketKeys(r.Context(), who.Actor, control.TicketRotation{Now: values.Get("now") == "yes"})
	if refused, ok := errors.AsType[*control.Error](err); ok {
		return p.notRotated(w, r, who, refused)
	}
	if err != nil {
		return err
	}
	to := after(change)
	if change.ID == 0 {
		to = Path + "?notice=" + noticeNext
	}
	return shell.Redirect(w, r, who, to)
}

// notRotated shows the page with what was wrong beside the keys.
func (p *Page) notRotated(w http.ResponseWriter, r *http.Request, who shell.Visitor, refused *control.Error) error {
	now, err := p.policies.Policy(r.Context())
	if err != nil {
		return err
	}
	tickets, err := p.ticketsOf(r.Context(), who)
	if err != nil {
		return err
	}
	tickets.Error, tickets.Rotating = toldOf(refused), true
	return p.renderWith(w, who, shell.StatusOf(refused), formOf(now), tickets, nil)
}
