package control_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/seal"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/store"
)

// ticketNode is a control plane over a file, with a key of one byte and a clock.
func ticketNode(t *testing.T, path string, key byte, at *clock) *control.Service {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Config{})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	box, err := seal.New(bytes.Repeat([]byte{key}, seal.KeyBytes))
	must(t, err)
	c, err := control.New(control.Config{Store: db, Sealer: box, Now: at.Now})
	must(t, err)
	return c
}

// A ticketSite is a file with an access token, and the time.
type ticketSite struct {
	*clock
	path, secret string
}

func newTicketSite(t *testing.T) *ticketSite {
	t.Helper()
	s := &ticketSite{clock: &clock{now: time.Now().UTC().Truncate(time.Second)}, path: filepath.Join(t.TempDir(), "crossgate.db")}
	c := ticketNode(t, s.path, 1, s.clock)
	_, secret, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "app"})
	must(t, err)
	s.secret = secret
	return s
}

func (s *ticketSite) node(t *testing.T, key byte) *control.Service {
	return ticketNode(t, s.path, key, s.clock)
}

// mint asks what is published for a ticket to /events.
func (s *ticketSite) mint(t *testing.T, to *snapshot.Holder) (string, gate.Code) {
	t.Helper()
	form, p := gate.ReadTicketRequest("url=%2Fevents&access_token=" + url.QueryEscape(s.secret))
	if p != nil {
		t.Fatal(p)
	}
	site := to.Load().Default.Gate
	f := &gate.Facts{Method: "POST", Path: "/.crossgate/ticket", Host: "localhost", Now: s.Now()}
	text, p := gate.IssueTicket(site, f, gate.Judge(site, f), form)
	if p != nil {
		return "", p.Code
	}
	return text, ""
}

// use uses a ticket where it is for, by what is published.
func (s *ticketSite) use(to *snapshot.Holder, ticket string) gate.Code {
	site := to.Load().Default.Gate
	f := &gate.Facts{Method: "GET", Path: "/events", RawQuery: "access_token=" + ticket, Host: "localhost", Now: s.Now()}
	return codeOf(gate.Plan(site, f, gate.Judge(site, f), nil))
}

// minted is mint where there has to be a ticket.
func (s *ticketSite) minted(t *testing.T, to *snapshot.Holder) string {
	t.Helper()
	ticket, code := s.mint(t, to)
	if code != "" {
		t.Fatalf("no ticket: %s", code)
	}
	return ticket
}

// settle lets a minute pass that no clock of the records shows: the nodes look after
// the keys, and read what has changed.
func settle() {
	time.Sleep(time.Minute + time.Second)
	synctest.Wait()
}

// The first keys are made where a server first follows, once for all nodes, and are
// in its first snapshot. Each node takes the tickets of the other.
func TestTicketKeysAreMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTicketSite(t)
		one, other := s.node(t, 1), s.node(t, 1)
		none, err := one.TicketKeys(t.Context())
		must(t, err)
		same(t, len(none.From), 0)

		holders := []*snapshot.Holder{new(snapshot.Holder), new(snapshot.Holder)}
		got := new(reports)
		for i, c := range []*control.Service{one, other} {
			go func() {
				if err := c.Follow(t.Context(), control.SiteSettings{}, holders[i], got.add); err != nil {
					t.Errorf("Follow: %v", err)
				}
			}()
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for i := range holders {
			same(t, s.use(holders[1-i], s.minted(t, holders[i])), gate.Code(""))
		}
		same(t, changes(t, one), []string{"ticket.rotate: tickets: the first key was made", "token.create: created access token app"})
		same(t, got.count(), 0)

		third, _ := start(t, s.node(t, 1), control.SiteSettings{}) // one that finds them
		same(t, s.use(third, s.minted(t, holders[0])), gate.Code(""))
		same(t, len(changes(t, one)), 2)
	})
}

// After a day another key signs. It is known to all nodes before it does, no ticket is
// refused for it, and the one before it goes with the next.
func TestTicketKeysRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTicketSite(t)
		one, other := s.node(t, 1), s.node(t, 1)
		toOne, _ := start(t, one, control.SiteSettings{})
		toOther, got := start(t, other, control.SiteSettings{})
		first := s.Now()
		age := func() (ages []time.Duration) {
			keys, err := one.TicketKeys(t.Context())
			must(t, err)
			for _, from := range keys.From {
				ages = append(ages, from.Sub(first))
			}
			return ages
		}
		settle()
		same(t, age(), []time.Duration{0})

		const day = control.TicketKeyAge
		s.forward(day)
		before := s.minted(t, toOne)
		settle()
		same(t, age(), []time.Duration{day + time.Minute, 0})
		keys, err := one.TicketKeys(t.Context())
		must(t, err)
		same(t, []time.Time{keys.Signing(s.Now()), keys.Next(s.Now())}, []time.Time{first, first.Add(day + time.Minute)})
		same(t, []gate.Code{s.use(toOther, before), s.use(toOther, s.minted(t, toOne))}, []gate.Code{"", ""})

		s.forward(59 * time.Second)
		same(t, s.use(toOther, before), gate.Code(""))
		ofFirst := s.minted(t, toOne)
		s.forward(2 * time.Second) // the new one signs
		same(t, []gate.Code{s.use(toOther, ofFirst), s.use(toOther, s.minted(t, toOne))}, []gate.Code{"", ""})

		s.forward(day)
		settle()
		same(t, age(), []time.Duration{2*day + 2*time.Minute + time.Second, day + time.Minute})
		same(t, len(changes(t, one)), 4)
		same(t, got.count(), 0)
	})
}

// Rotating by hand is for everyday; with Now, for an incident: every ticket that is
// out ends, here at once and on other nodes within a second.
func TestRotateTicketKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTicketSite(t)
		server, commandLine := s.node(t, 1), s.node(t, 1)
		to, _ := start(t, server, control.SiteSettings{})
		ticket := s.minted(t, to)

		keys, change, err := commandLine.RotateTicketKeys(t.Context(), anna, control.TicketRotation{})
		must(t, err)
		same(t, keys.Next(s.Now()), s.Now().Add(time.Minute))
		same(t, change.Summary, "tickets: a new key signs from "+s.Now().Add(time.Minute).Format(time.RFC3339))
		_, again, err := commandLine.RotateTicketKeys(t.Context(), anna, control.TicketRotation{})
		must(t, err)
		same(t, again, control.Change{})
		time.Sleep(time.Second)
		synctest.Wait()
		same(t, s.use(to, ticket), gate.Code(""))

		keys, change, err = commandLine.RotateTicketKeys(t.Context(), anna, control.TicketRotation{Now: true})
		must(t, err)
		same(t, []any{len(keys.From), keys.Signing(s.Now()), change.Summary}, []any{1, s.Now(), "tickets: a new key signs, and all that were out have ended"})
		time.Sleep(time.Second)
		synctest.Wait()
		same(t, []gate.Code{s.use(to, ticket), s.use(to, s.minted(t, to))}, []gate.Code{gate.TokenUnknown, ""})

		ticket = s.minted(t, to)
		_, _, err = server.RotateTicketKeys(t.Context(), anna, control.TicketRotation{Now: true})
		must(t, err)
		same(t, s.use(to, ticket), gate.TokenUnknown) // promise P6
		wantKeysRecorded(t, server, change.ID)
	})
}

// wantKeysRecorded wants the audit log to have times and nothing else.
func wantKeysRecorded(t *testing.T, c *control.Service, id int64) {
	t.Helper()
	a, err := c.Audited(t.Context(), id)
	must(t, err)
	for _, side := range [][]byte{a.Before, a.After} {
		var keys map[string][]time.Time
		must(t, json.Unmarshal(side, &keys))
		if len(keys) != 1 || len(keys["signs_from"]) == 0 {
			t.Errorf("recorded as %s", side)
		}
	}
	_, err = c.Undo(t.Context(), anna, id)
	wantCode(t, err, control.CodeNothingToUndo)
}

// Without the secret key that the keys were sealed with there are no tickets, which is
// reported once; all else goes on, and nothing is overwritten. New keys help.
func TestTicketKeysThatCannotBeOpened(t *testing.T) {
	for name, reopen := range map[string]func(*testing.T, *ticketSite) *control.Service{
		"another key": func(t *testing.T, s *ticketSite) *control.Service { return s.node(t, 2) },
		"no key":      func(t *testing.T, s *ticketSite) *control.Service { return controlOver(t, s.path, s.Now) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newTicketSite(t)
				good := s.node(t, 1)
				toGood, _ := start(t, good, control.SiteSettings{})
				ticket := s.minted(t, toGood)

				c := reopen(t, s)
				to, got := start(t, c, control.SiteSettings{})
				s.forward(30 * time.Second)
				settle()
				_, code := s.mint(t, to)
				same(t, []gate.Code{code, s.use(to, ticket), codeOf(plan(to, s.secret))}, []gate.Code{gate.NotReady, gate.TokenUnknown, ""})
				add(t, c, "app.example.com")
				same(t, allows(to, page), true)
				if got.count() != 1 || !strings.Contains(got.errs[0].Error(), "there are no tickets") {
					t.Errorf("reported: %v", got.errs)
				}
				_, err := c.TicketKeys(t.Context())
				wantCode(t, err, control.CodeSecretSealed)
				_, _, err = c.RotateTicketKeys(t.Context(), anna, control.TicketRotation{})
				wantCode(t, err, control.CodeSecretSealed)
				same(t, s.use(toGood, ticket), gate.Code(""))
			})
		})
	}
}

func TestTicketKeysThatCannotBeOpenedAreReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTicketSite(t)
		_, _, err := s.node(t, 1).RotateTicketKeys(t.Context(), anna, control.TicketRotation{})
		must(t, err)
		c := s.node(t, 2)
		to, got := start(t, c, control.SiteSettings{})
		time.Sleep(time.Second)
		same(t, got.count(), 1)
		_, _, err = c.RotateTicketKeys(t.Context(), anna, control.TicketRotation{Now: true})
		must(t, err)
		same(t, s.use(to, s.minted(t, to)), gate.Code(""))
	})
}

// A sealer that fails now and then, as a file that cannot be read does.
type flakySealer struct {
	control.Sealer
	err atomic.Pointer[error] // nil: it works
}

func (s *flakySealer) fails(why error) { s.err.Store(&why) }

func (s *flakySealer) works() { s.err.Store(nil) }

func (s *flakySealer) Seal(name string, secret []byte) ([]byte, error) {
	if why := s.err.Load(); why != nil {
		return nil, *why
	}
	return s.Sealer.Seal(name, secret)
}

func (s *flakySealer) Open(name string, sealed []byte) ([]byte, error) {
	if why := s.err.Load(); why != nil {
		return nil, *why
	}
	return s.Sealer.Open(name, sealed)
}

// Where keys cannot be made there are no tickets, until they can.
func TestTicketKeysThatCannotBeMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTicketSite(t)
		db, err := store.Open(t.Context(), s.path, store.Config{})
		must(t, err)
		t.Cleanup(func() { db.Close() })
		box, err := seal.New(make([]byte, seal.KeyBytes))
		must(t, err)
		sealer := &flakySealer{Sealer: box}
		sealer.fails(errors.New("the folder is read-only"))
		c, err := control.New(control.Config{Store: db, Sealer: sealer, Now: s.Now})
		must(t, err)
		to, got := start(t, c, control.SiteSettings{})
		none := func() {
			t.Helper()
			settle()
			_, code := s.mint(t, to)
			same(t, code, gate.NotReady)
		}
		none()
		none()
		if got.count() != 1 || !strings.Contains(got.errs[0].Error(), "no new key for tickets could be made") {
			t.Errorf("reported: %v", got.errs)
		}
		same(t, allows(to, page), false)
		same(t, codeOf(plan(to, s.secret)), gate.Code(""))

		sealer.works()
		settle()
		ticket := s.minted(t, to)

		sealer.fails(errors.New("the file is gone")) // keys that were opened stay open
		settle()
		same(t, s.use(to, ticket), gate.Code(""))
		add(t, c, "app.example.com")
		settle()
		same(t, s.use(to, s.minted(t, to)), gate.Code(""))
		same(t, got.count(), 2)

		sealer.works()
		settle()
		same(t, s.use(to, s.minted(t, to)), gate.Code(""))
	})
}

// A database that cannot be written any more keeps the keys that there are: tickets go
// on with the old one, which is reported once.
func TestTicketKeysThatCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTicketSite(t)
		db, err := store.Open(t.Context(), s.path, store.Config{})
		must(t, err)
		t.Cleanup(func() { db.Close() })
		flaky := &flakyStore{Store: db}
		box, err := seal.New(make([]byte, seal.KeyBytes))
		must(t, err)
		c, err := control.New(control.Config{Store: flaky, Sealer: box, Now: s.Now})
		must(t, err)
		to, got := start(t, c, control.SiteSettings{})
		s.forward(control.TicketKeyAge)
		flaky.failFrom("Update")
		settle()
		settle()
		same(t, s.use(to, s.minted(t, to)), gate.Code(""))
		if got.count() != 1 || !errors.Is(got.errs[0], errFlaky) {
			t.Errorf("reported: %v", got.errs)
		}
		flaky.failFrom("")
		settle()
		keys, err := c.TicketKeys(t.Context())
		must(t, err)
		same(t, len(keys.From), 2)
	})
}

// Without anything to seal with there are no tickets, and nothing to report.
func TestNoTicketsWithoutASealer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTicketSite(t)
		c := controlOver(t, s.path, s.Now)
		to, got := start(t, c, control.SiteSettings{})
		settle()
		_, code := s.mint(t, to)
		same(t, []any{code, got.count()}, []any{gate.NotReady, 0})
		_, _, err := c.RotateTicketKeys(t.Context(), anna, control.TicketRotation{})
		wantCode(t, err, control.CodeNoSecretKey)
	})
}
