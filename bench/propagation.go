package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A setting is one row of the table of propagation.
type setting struct {
	nodes, entries int
	silent         bool // no notifications: nodes poll
	fault          string
}

func (s setting) name() string {
	name := fmt.Sprintf("%d nodes, %s entries", s.nodes, thousands(s.entries))
	if s.silent {
		name += ", polling alone"
	}
	if s.fault != "" {
		name += ", " + s.fault
	}
	return name
}

func thousands(n int) string {
	if n >= 1000 {
		return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
	}
	return fmt.Sprint(n)
}

// Faults that nodes are measured after.
const (
	afterRestart = "right after the database was killed and started"
	afterDeaf    = "right after those who listen were cut off"
)

const (
	propagationChanges = 200 // of a row
	changesAfterFault  = 30  // in the first seconds, a few times
	faultsInRow        = 4
	betweenChanges     = 50 * time.Millisecond
	propagationLoad    = 300 // requests a second, to all nodes together
)

// timePropagation prints how long after its acknowledgement a change is effective on
// every node.
func timePropagation(out io.Writer, o options) error {
	table := newTable(fmt.Sprintf("propagation: from the acknowledgement to effective on every node, under %d requests/s", propagationLoad),
		"median", "99 %", "at most", "changes")
	for _, entries := range []int{10_000, 1_000_000} {
		for _, nodes := range []int{3, 8} {
			if err := o.timeNodes(table, nodes, entries); err != nil {
				return err
			}
		}
	}
	return table.write(out)
}

// timeNodes measures one fleet in all its states.
func (o options) timeNodes(table *table, nodes, entries int) error {
	rows := []setting{
		{nodes: nodes, entries: entries},
		{nodes: nodes, entries: entries, fault: afterDeaf},
		{nodes: nodes, entries: entries, fault: afterRestart},
		{nodes: nodes, entries: entries, silent: true},
	}
	wanted := false
	for _, row := range rows {
		wanted = wanted || o.only.MatchString(row.name())
	}
	if !wanted {
		return nil
	}
	return withRig(func(r *rig) (err error) {
		ctx := context.Background()
		db, err := newDatabase(ctx, r, entries)
		if err != nil {
			return err
		}
		f, err := startFleet(db, nodes)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.stop()) }()
		defer f.load(propagationLoad)()
		for _, row := range rows {
			if !o.only.MatchString(row.name()) {
				continue
			}
			times, err := f.measure(ctx, row)
			if err != nil {
				return fmt.Errorf("%s: %w", row.name(), err)
			}
			table.add(row.name(), percentiles(times)...)
			fmt.Fprintln(os.Stderr, row.name(), percentiles(times))
		}
		return nil
	})
}

// measure makes the changes of a row.
func (f *processFleet) measure(ctx context.Context, row setting) (times []time.Duration, err error) {
	if row.silent {
		f.db.silence()
	}
	if row.fault == "" {
		if _, err := f.timeChanges(10, row.silent); err != nil { // to warm up
			return nil, err
		}
		return f.timeChanges(propagationChanges, row.silent)
	}
	for range faultsInRow {
		switch row.fault {
		case afterRestart:
			f.db.Kill()
			time.Sleep(time.Second)
			f.db.Start()
			if err := f.db.await(ctx); err != nil {
				return nil, err
			}
		case afterDeaf:
			f.db.Ask("test1", `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`)
		}
		some, err := f.timeChanges(changesAfterFault, false)
		if err != nil {
			return nil, err
		}
		times = append(times, some...)
	}
	return times, nil
}
