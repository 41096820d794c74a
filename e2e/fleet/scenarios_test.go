package fleet

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/crossgate/crossgate/e2e/internal/history"
)

// A scenario is something that is done to a fleet, and what is seen then.
type scenario func(t *testing.T, p plan) []history.Violation

// scenarios are those that the program goes through without a violation, and that each
// show one mistake.
var scenarios = map[string]scenario{
	"lost": underLoad, "half": underLoad, "older": underLoad, "unapplied": underLoad,
	"growing": goesBack, "open": cannotBeRead, "unaudited": auditFails, "earlier": startsFromEarlier,
}

// TestScenarios goes through them with the program as it is.
func TestScenarios(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]scenario{
		"records go back": goesBack, "records cannot be read": cannotBeRead, "the audit log cannot be written": auditFails,
		"the snapshot on the disk is an earlier one": startsFromEarlier,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, v := range s(t, plan{}) {
				t.Error(v)
			}
		})
	}
}

func onFile(t *testing.T, p plan) plan {
	p.databases = []string{filepath.Join(t.TempDir(), "crossgate.db")}
	return p
}

// underLoad is load alone.
func underLoad(t *testing.T, p plan) []history.Violation {
	h, _ := busy(t, onFile(t, p))
	return history.Validate(h)
}

// goesBack takes the records back to an earlier revision, as a failover does to a server
// that had not heard of the last changes: all nodes are to follow.
func goesBack(t *testing.T, p plan) (found []history.Violation) {
	p = onFile(t, p)
	f := newFleet(t, p)
	lost := look{subject: "lost.example", origin: "https://lost.example"}
	if _, _, err := f.trust(f.nodes[0], lost.subject); err != nil {
		t.Fatal(err)
	}
	for _, n := range f.nodes {
		await(t, n.name+" trusts the new entry", func() bool { return n.lets(lost) })
	}
	execute(
		t, openRecords(t, p.databases[0]),
		`DROP TRIGGER change_is_not_deleted`, `DELETE FROM change WHERE subject = 'lost.example'`,
		`DELETE FROM trusted_domain WHERE domain = 'lost.example'`,
		`UPDATE head SET revision = revision - 1, change_id = 'another history' WHERE id = 1`,
	)
	for _, n := range f.nodes {
		if !within(p.patience(), func() bool { return !n.lets(lost) }) {
			found = append(found, history.Violation{Promise: history.Monotonic, Text: n.name + " still decides by a revision that the records took back"})
		}
	}
	return found
}

// cannotBeRead starts a node with a list that is damaged: nobody is let in.
func cannotBeRead(t *testing.T, p plan) (found []history.Violation) {
	p = onFile(t, p)
	p.nodes, p.asleep = 1, true
	f := newFleet(t, p)
	f.run("", "domain", "add", "damaged.example")
	execute(t, openRecords(t, p.databases[0]), `UPDATE trusted_domain SET domain = 'https://%%%/' WHERE domain = 'damaged.example'`)
	n := f.nodes[0]
	n.start()
	await(t, "the node answers", func() bool { return n.status(n.url+"/things") != 0 })
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(betweenLooks) {
		status, err := n.decide(look{origin: stranger})
		switch {
		case err != nil:
			found = append(found, history.Violation{Promise: history.FailStatic, Text: err.Error()})
		case status < 300:
			found = append(found, history.Violation{Promise: history.NeverOpen, Text: "a stranger is let in where there is no list"})
		case status != http.StatusServiceUnavailable:
			t.Errorf("without a list the answer is %d", status)
		}
	}
	return found
}

// auditFails has the audit log refuse the rows of some changes: those do not happen.
func auditFails(t *testing.T, p plan) []history.Violation {
	p = onFile(t, p)
	f := newFleet(t, p)
	execute(t, openRecords(t, p.databases[0]), `
		CREATE TRIGGER no_room BEFORE INSERT ON audit WHEN NEW.summary LIKE '%left.s_.%' AND NEW.summary NOT LIKE '%left.s1.%'
		BEGIN SELECT raise(ABORT, 'there is no room in the audit log'); END`)
	tr := startTraffic(f)
	time.Sleep(load() / 2)
	return history.Validate(tr.end())
}

// lets reports whether a node lets an origin in.
func (n *node) lets(l look) bool {
	status, err := n.decide(l)
	return err == nil && status < 300
}

// patience is how long a fleet is waited for: one that is broken is not worth much of it.
func (p *plan) patience() time.Duration {
	if p.broken != "" {
		return 2 * time.Second
	}
	return patience
}

// within waits until something is so, and reports whether it came to be.
func within(d time.Duration, so func() bool) bool {
	for deadline := time.Now().Add(d); !so(); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

func execute(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
