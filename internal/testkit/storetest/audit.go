package storetest

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// record is an audit row with every field set to something.
func record(action string) control.AuditRecord {
	return control.AuditRecord{
		Change: control.Change{
			At: noon, Action: action, Summary: "added “app.example.com”",
			Actor: control.Actor{Kind: "user", Name: "anna", Address: "192.0.2.1"},
		},
		Site: site, Reason: "a partner", Before: []byte("null"), After: []byte(`[{"id":1}]`),
	}
}

// write records a change of subjects and returns its id.
func write(t *testing.T, s control.Store, action, changeID string, subjects ...control.Subject) (id int64) {
	t.Helper()
	update(t, s, func(w control.Writer) (err error) {
		id, err = w.Record(record(action), subjects, changeID)
		return err
	})
	return id
}

func subject(name string) control.Subject {
	return control.Subject{Site: site, Kind: control.SubjectDomain, Name: name}
}

func headMoves(t *testing.T, s control.Store) {
	first := view(t, s, control.Reader.Head)
	if first.ChangeID == "" {
		t.Error("a new store has no change id")
	}
	write(t, s, "account.add", "c1")
	same(t, view(t, s, control.Reader.Head), first)
	write(t, s, "domain.add", "c2", subject("a"), subject("b"))
	same(t, view(t, s, control.Reader.Head), control.Head{Revision: first.Revision + 1, ChangeID: "c2"})
}

func auditRoundTrip(t *testing.T, s control.Store) {
	want := record("domain.add")
	want.ID = write(t, s, "domain.add", "c1", subject("a"))
	same(t, view(t, s, func(r control.Reader) (control.AuditRecord, error) { return r.Audited(want.ID) }), want)

	by := write(t, s, "domain.undo", "c2", subject("a"))
	update(t, s, func(w control.Writer) error { return w.MarkUndone(want.ID, by) })
	want.Undone = true
	list := view(t, s, changes)
	if len(list) != 2 {
		t.Fatalf("%d changes, want 2", len(list))
	}
	same(t, list[1], want.Change)
	same(t, []int64{list[0].ID, list[1].ID}, []int64{by, want.ID})
}

func lastChange(t *testing.T, s control.Store) {
	write(t, s, "domain.add", "c1", subject("a"), subject("b"))
	want := write(t, s, "domain.set", "c2", subject("b"))
	write(t, s, "token.create", "c3", control.Subject{Site: site, Kind: control.SubjectToken, Name: "a"})
	last := view(t, s, func(r control.Reader) (control.Change, error) { return r.LastChange(site, control.SubjectDomain) })
	same(t, last.ID, want)
}

func changedSince(t *testing.T, s control.Store) {
	first := view(t, s, control.Reader.Head)
	write(t, s, "domain.add", "c1", subject("a"))
	one := view(t, s, control.Reader.Head)
	write(t, s, "domain.set", "c2", subject("a"), subject("b"))
	write(t, s, "token.create", "c3", control.Subject{Site: site, Kind: control.SubjectToken, Name: "a"}, subject("b"))
	now := view(t, s, control.Reader.Head)
	tests := []struct {
		name  string
		since control.Head
		most  int
		want  int // subjects; -1 is ErrNoRecord
	}{
		{"a new store's head is of no history", first, 10, -1},
		{"some changes", one, 10, 3},
		{"just as many as may be", one, 3, 3},
		{"too many", one, 2, -1},
		{"none", now, 10, 0},
		{"another history", control.Head{Revision: one.Revision, ChangeID: "other"}, 10, -1},
		{"a later history", control.Head{Revision: now.Revision + 5, ChangeID: "c3"}, 10, -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := s.View(t.Context(), func(r control.Reader) error {
				got, err := r.ChangedSince(test.since, test.most)
				if test.want >= 0 {
					same(t, len(got), test.want)
				}
				return err
			})
			if test.want < 0 {
				wantMissing(t, "ChangedSince", err)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func auditLog(t *testing.T, s control.Store) {
	long := record("domain.import")
	long.After = []byte(`"` + strings.Repeat("x", control.MaxAuditShown) + `"`)
	people := record("account.add")
	people.Site, people.At, people.Actor.Name = 0, noon.Add(time.Hour), "bob"
	other := record("domain.add")
	other.Node = "Node-A"
	elsewhere := record("token.create")
	elsewhere.Site = insertSite(t, s, control.Site{Name: "elsewhere", Enabled: true, CreatedAt: noon, Version: 1}).ID
	for i, r := range []*control.AuditRecord{&long, &people, &other, &elsewhere} {
		update(t, s, func(w control.Writer) (err error) {
			r.ID, err = w.Record(*r, nil, strconv.Itoa(i))
			return err
		})
	}
	long.Before, long.After = nil, nil
	for name, test := range map[string]struct {
		q    control.AuditQuery
		want []control.AuditRecord
	}{
		"everything":     {control.AuditQuery{}, []control.AuditRecord{other, people, long}},
		"before a row":   {control.AuditQuery{Before: other.ID}, []control.AuditRecord{people, long}},
		"a family":       {control.AuditQuery{Action: "domain"}, []control.AuditRecord{other, long}},
		"one action":     {control.AuditQuery{Action: "domain.add"}, []control.AuditRecord{other}},
		"by one":         {control.AuditQuery{Actor: "bob"}, []control.AuditRecord{people}},
		"from a time":    {control.AuditQuery{From: people.At}, []control.AuditRecord{people}},
		"before a time":  {control.AuditQuery{To: people.At}, []control.AuditRecord{other, long}},
		"text":           {control.AuditQuery{ListQuery: control.ListQuery{Search: "a partner bob"}}, []control.AuditRecord{people}},
		"of the site":    {control.AuditQuery{Own: true}, []control.AuditRecord{other, long}},
		"of every site":  {control.AuditQuery{Everywhere: true}, []control.AuditRecord{elsewhere, other, people, long}},
		"own wins":       {control.AuditQuery{Own: true, Everywhere: true}, []control.AuditRecord{other, long}},
		"on a node":      {control.AuditQuery{Node: "node-a"}, []control.AuditRecord{other}},
		"all, by text":   {control.AuditQuery{Everywhere: true, ListQuery: control.ListQuery{Search: "a partner anna"}}, []control.AuditRecord{elsewhere, other, long}},
		"another's text": {control.AuditQuery{ListQuery: control.ListQuery{Search: "nothing"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			test.q.Limit = 10
			same(t, view(t, s, func(r control.Reader) ([]control.AuditRecord, error) { return r.AuditLog(site, test.q) }), test.want)
		})
	}
	page := control.AuditQuery{ListQuery: control.ListQuery{Limit: 1}, Before: other.ID}
	same(t, view(t, s, func(r control.Reader) ([]control.AuditRecord, error) { return r.AuditLog(site, page) }), []control.AuditRecord{people})
}
