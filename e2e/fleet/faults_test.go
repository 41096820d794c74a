package fleet

import (
	"fmt"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// outage is how long a fault lasts: longer than any pause between two polls.
func outage() time.Duration { return load() / 3 }

// A server is PostgreSQL, and a way to it for each node that can be cut.
type server struct {
	*pgtest.Cluster
	database string // its name
	ways     []*pgtest.Proxy
}

// newServer starts PostgreSQL, and makes the plan of a fleet on it.
func newServer(t *testing.T, options ...pgtest.Option) (*server, plan) {
	t.Helper()
	s := &server{Cluster: pgtest.Start(t, options...), database: "test1"}
	p := plan{records: s.NewDatabase(t)}
	for range 3 {
		way := pgtest.NewProxy(t, s.Address())
		s.ways = append(s.ways, way)
		p.databases = append(p.databases, way.Through(t, p.records))
	}
	return s, p
}

// TestFaults breaks the database, the ways to it, and nodes, one after the other, under
// load. Whoever asks the API is answered as the last good revision says, throughout; what
// was acknowledged is kept; and everything is effective everywhere at the end.
func TestFaults(t *testing.T) {
	t.Parallel()
	s, p := newServer(t)
	f := newFleet(t, p)
	tr := startTraffic(f)
	time.Sleep(outage())
	for _, fault := range []struct {
		name string
		make func()
	}{
		{"the database is killed and started again", func() {
			s.Kill()
			time.Sleep(outage())
			s.Start()
		}},
		{"the database hangs", func() {
			s.Pause()
			time.Sleep(outage())
			s.Resume()
		}},
		{"the database is restarted", s.Restart},
		{"those who listen are cut off", func() { s.terminate("query LIKE 'LISTEN%'") }},
		{"all connections are cut off", func() { s.terminate("true") }},
		{"a node is cut off", func() {
			s.ways[2].Cut()
			time.Sleep(outage())
			s.ways[2].Heal()
		}},
		{"a node is cut off and does not notice", func() {
			s.ways[1].Stall()
			time.Sleep(outage())
			s.ways[1].Heal()
		}},
		{"a node is killed and started again", func() {
			f.nodes[1].kill()
			f.nodes[1].start()
			f.nodes[1].awaitReady()
		}},
	} {
		t.Log(fault.name)
		tr.r.disturb(fault.make)
		time.Sleep(outage())
	}
	judge(t, tr.end(), tr.wrong)
}

// terminate ends connections of nodes.
func (s *server) terminate(which string) {
	s.Ask(s.database, fmt.Sprintf(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = '%s' AND pid <> pg_backend_pid() AND %s`, s.database, which))
}

// TestFailover kills the server that takes changes, and has its standby take them, which
// had every change before it was acknowledged.
func TestFailover(t *testing.T) {
	t.Parallel()
	first := pgtest.Start(t)
	database := first.NewDatabase(t)
	f := newFleet(t, plan{databases: []string{database}, asleep: true})
	second := first.Standby(pgtest.Sync)
	f.useBoth(first, second)
	tr := startTraffic(f)
	time.Sleep(outage())
	tr.r.disturb(func() {
		first.Kill()
		second.Promote()
	})
	time.Sleep(2 * outage())
	judge(t, tr.end(), tr.wrong)
}

// useBoth starts the nodes with the addresses of two servers, of which they are to take
// the one that takes changes.
func (f *fleet) useBoth(first, second *pgtest.Cluster) {
	f.t.Helper()
	both := fmt.Sprintf("postgres://crossgate:%s@%s,%s/test1?sslmode=disable", first.Password(), first.Address(), second.Address())
	f.plan.databases, f.plan.records = []string{both}, second.URL("test1")
	for _, n := range f.nodes {
		n.args = append(n.args, "--database", both)
		n.start()
	}
	for _, n := range f.nodes {
		n.awaitReady()
	}
}

// TestFailoverTakesChangesBack has a standby take over that had not heard of the last
// changes. They are gone, whoever acknowledged them; all nodes are to agree with what the
// records say now, though the revision is an earlier one.
func TestFailoverTakesChangesBack(t *testing.T) {
	t.Parallel()
	first := pgtest.Start(t)
	database := first.NewDatabase(t)
	f := newFleet(t, plan{databases: []string{database}, asleep: true})
	second := first.Standby(pgtest.Async)
	f.useBoth(first, second)
	kept, lost := f.trusted("kept.example"), look{subject: "lost.example", origin: "https://lost.example"}
	gone := f.trusted("gone.example")
	await(t, "the standby has what is to be kept", func() bool {
		return second.Ask("test1", "SELECT count(*) FROM trusted_domain WHERE domain = 'gone.example'") == "1"
	})
	second.Detach()
	lost = f.trusted(lost.subject)
	for _, n := range f.nodes {
		if !n.lets(kept) || !n.lets(gone) || !n.lets(lost) {
			t.Errorf("%s does not let in what is trusted", n.name)
		}
	}
	first.Kill()
	second.Promote()
	for _, n := range f.nodes {
		await(t, n.name+" agrees with the records that there are now", func() bool { return !n.lets(lost) })
		if !n.lets(kept) || !n.lets(gone) {
			t.Errorf("%s does not let in what is trusted", n.name)
		}
	}
	f.settle()
	for _, n := range f.nodes {
		if n.lets(lost) {
			t.Errorf("%s lets in what the records do not have", n.name)
		}
	}
}

// trusted adds an entry and waits until every node lets it in.
func (f *fleet) trusted(entry string) look {
	f.t.Helper()
	audit, _, err := f.trust(f.nodes[0], entry)
	if err != nil {
		f.t.Fatal(err)
	}
	l := look{subject: entry, origin: "https://" + entry, audit: audit}
	for _, n := range f.nodes {
		await(f.t, n.name+" trusts "+entry, func() bool { return n.lets(l) })
	}
	return l
}
