package inspector

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/inspect"
)

// The pace of a live view. It looks for what is new itself, so that a gateway that is
// watched has no more to do than one that is not.
const (
	lookEvery    = time.Second      // how often rows are sent at most
	sessionEvery = 5 * time.Second  // how often it is asked whether the session has ended
	stillEvery   = 15 * time.Second // how often something is sent, so that nobody between closes the connection
)

// errTooMany is what a live view is told where there is no place for it. The page then
// goes on without.
var errTooMany = &shell.Problem{
	Status: http.StatusTooManyRequests, Title: "Too many live views are open",
	Detail: "Close the Inspector in other tabs, or load this page again to see what is new.",
}

// stream answers with what comes from now on, as server-sent events, until the session
// or the server ends.
func (p *Page) stream(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	if !p.streams.enter(who.Actor.Session) {
		return errTooMany
	}
	defer p.streams.leave(who.Actor.Session)
	query := r.URL.Query()
	v := &live{page: p, who: who, filter: filterOf(query).newest(), out: eventWriter{w: w}, sent: map[inspect.ID]bool{}}
	v.last = p.recorder.Last()
	if seen := lastOf(r.Header.Get("Last-Event-ID"), query.Get("after")); seen != 0 {
		v.last = min(seen, v.last) // a server that started with its clock set back counts from lower on
	}
	v.first = v.last
	if v.out.begin() == nil && r.Method != http.MethodHead {
		v.run(r.Context())
	}
	return nil // what goes wrong from here on ends the stream, and the browser comes again
}

// lastOf is the exchange that the browser has seen last, by the first text that names one.
func lastOf(texts ...string) inspect.ID {
	for _, text := range texts {
		if id, err := inspect.ParseID(text); err == nil {
			return id
		}
	}
	return 0
}

// A live is one live view.
type live struct {
	page   *Page
	who    shell.Visitor
	filter filter
	out    eventWriter
	first  inspect.ID          // what the browser had seen when it came
	last   inspect.ID          // the highest ID at the last look
	again  bool                // something came before the last look, and may have come too late for it
	sent   map[inspect.ID]bool // of those that are looked at again
}

// slack is how far below the highest ID exchanges may still be on their way into the
// recorder's memory: they are looked for again the next time.
const slack = 64

// run sends what is new until something ends the view.
func (v *live) run(ctx context.Context) {
	look, session, still := time.NewTicker(lookEvery), time.NewTicker(sessionEvery), time.NewTicker(stillEvery)
	defer look.Stop()
	defer session.Stop()
	defer still.Stop()
	for {
		if v.page.stopping() || v.sendNew(ctx) != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		case <-session.C:
			if !v.signedIn(ctx) {
				_ = v.out.event("ended", "", []byte("signed-out")) // it ends either way
				return
			}
		case <-still.C:
			if v.out.still() != nil {
				return
			}
		}
	}
}

// signedIn reports whether the session has not ended, and its person may still look at the
// site. To watch makes no session longer.
func (v *live) signedIn(ctx context.Context) bool {
	sessions, err := v.page.control.Sessions(ctx, v.who.Name)
	if err != nil {
		return false
	}
	for _, s := range sessions {
		if s.ID == v.who.Actor.Session {
			return v.page.mayWatch(ctx, v.who)
		}
	}
	return false
}

// A batch is the rows of one event.
type batch struct {
	Rows []row
	Said string // for people who hear: "3 new exchanges, 1 refused"
	More bool   // more came than are here: these are the newest
}

// sendNew sends what came since the last time, if anything did.
func (v *live) sendNew(ctx context.Context) error {
	newest := v.page.recorder.Last()
	if newest == v.last && !v.again {
		return nil
	}
	v.again = newest != v.last
	found := v.fresh(max(v.first, v.last-min(v.last, slack)))
	v.last = newest
	if len(found) == 0 {
		return nil
	}
	b := batch{More: len(found) > pageSize}
	found = found[:min(len(found), pageSize)]
	b.Said = said(found, b.More)
	var err error
	if b.Rows, err = v.page.newRows(ctx, v.filter, found); err != nil {
		return err
	}
	text, err := v.page.list.Text(v.who, "batch", b)
	if err != nil {
		return err
	}
	return v.out.event("rows", newest.String(), text)
}

// fresh returns what came after an exchange and was not sent yet.
func (v *live) fresh(after inspect.ID) []inspect.Exchange {
	found := v.page.findSince(v.filter, after, pageSize+slack+1)
	found = slices.DeleteFunc(found, func(e inspect.Exchange) bool { return v.sent[e.ID] })
	maps.DeleteFunc(v.sent, func(id inspect.ID, _ bool) bool { return id <= after })
	for i := range found {
		v.sent[found[i].ID] = true
	}
	return found
}

// said is what a batch is in words.
func said(found []inspect.Exchange, more bool) string {
	refused := 0
	for i := range found {
		if found[i].Outcome == inspect.Refused {
			refused++
		}
	}
	var b strings.Builder
	switch {
	case more:
		b.WriteString("Many new requests")
	case len(found) == 1:
		b.WriteString("1 new request")
	default:
		fmt.Fprintf(&b, "%d new requests", len(found))
	}
	if refused > 0 {
		fmt.Fprintf(&b, ", %d refused", refused)
	}
	return b.String()
}
