package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/store"
)

const (
	fleetFor         = 20 * time.Second // of one row
	fleetStartAtOnce = 8                // nodes
	fleetLook        = 2 * time.Millisecond
	fleetSettles     = time.Minute // after the last change of a row, at most
	nodeBeat         = 10 * time.Second
)

// simulateFleet prints what a thousand nodes cost PostgreSQL, and how long a change
// takes to all of them. The nodes are in one process: each has its own store, follower
// and snapshot, and no gateway.
func simulateFleet(out io.Writer, o options) error {
	table := newTable(fmt.Sprintf("%s nodes in one process", thousands(o.nodes)),
		"one node: median", "99 %", "at most", "all nodes: median", "at most", "changes", "statements/s", "CPU of PostgreSQL", "CPU of the nodes", "connections", "not answered in 2 s")
	memory := newTable("memory of a node", "of its own", "of its connections in PostgreSQL")
	for _, entries := range []int{1_000, 10_000} {
		for _, silent := range []bool{false, true} {
			if err := o.simulate(table, memory, entries, silent); err != nil {
				return err
			}
		}
	}
	return errors.Join(table.write(out), memory.write(out))
}

func simulationName(entries int, silent bool) string {
	if silent {
		return thousands(entries) + " entries, polling alone"
	}
	return thousands(entries) + " entries, notified"
}

func (o options) simulate(table, memory *table, entries int, silent bool) error {
	name := simulationName(entries, silent)
	if !o.only.MatchString(name) {
		return nil
	}
	return withRig(func(r *rig) error {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		db, err := newDatabase(ctx, r, entries, fmt.Sprintf("max_connections=%d", 5*o.nodes))
		if err != nil {
			return err
		}
		if silent {
			db.silence()
		}
		f := &simulation{db: db}
		defer f.stop(cancel)
		before := heldMemory()
		if err := f.start(ctx, o.nodes, silent); err != nil {
			return err
		}
		held, there, err := heldMemory()-before, int64(0), error(nil)
		if there, err = db.memory(); err != nil {
			return err
		}
		memory.add(name, fmt.Sprintf("%.0f KB", float64(held)/float64(o.nodes)/1e3), fmt.Sprintf("%.1f MB", float64(there)/float64(o.nodes)/1e6))
		for _, perSecond := range []int{0, 1, 10} {
			cells, err := f.row(ctx, perSecond)
			if err != nil {
				return err
			}
			row := fmt.Sprintf("%s, %d changes/s", name, perSecond)
			table.add(row, cells...)
			fmt.Fprintln(os.Stderr, row, cells)
		}
		return nil
	})
}

// A simulation is many nodes in this process.
type simulation struct {
	db       *database
	nodes    []*simulated
	running  sync.WaitGroup
	changes  int
	troubles atomic.Int64 // that nodes have told of: the database did not answer in time
}

// A simulated node has all that a node has, but a gateway and a dashboard.
type simulated struct {
	store   control.Store
	control *control.Service
	holder  snapshot.Holder
}

// unheard is a store that cannot be told of changes: it has no Watch.
type unheard struct{ control.Store }

// start starts the nodes, a few at a time, and returns when all of them have the list.
func (f *simulation) start(ctx context.Context, nodes int, silent bool) error {
	errs := make(chan error, nodes)
	free := make(chan struct{}, fleetStartAtOnce)
	for i := range nodes {
		n, err := f.newNode(ctx, silent)
		if err != nil {
			return err
		}
		free <- struct{}{}
		f.running.Go(func() { f.follow(ctx, n, errs) })
		f.running.Go(func() { f.beat(ctx, n, fmt.Sprintf("node-%d", i)) })
		f.running.Go(func() {
			for n.holder.Load() == nil && ctx.Err() == nil {
				time.Sleep(pollEvery)
			}
			<-free
		})
	}
	for range fleetStartAtOnce {
		free <- struct{}{}
	}
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

func (f *simulation) newNode(ctx context.Context, silent bool) (*simulated, error) {
	db, err := store.Open(ctx, f.db.url, store.Config{Readers: 1})
	if err != nil {
		return nil, err
	}
	n := &simulated{store: db}
	if silent {
		n.store = unheard{db}
	}
	n.control, err = control.New(control.Config{Store: n.store})
	f.nodes = append(f.nodes, n)
	return n, err
}

func (f *simulation) follow(ctx context.Context, n *simulated, errs chan<- error) {
	err := n.control.Follow(ctx, control.SiteSettings{}, &n.holder, func(error) { f.troubles.Add(1) })
	if err != nil {
		errs <- err
	}
}

// beat has the node tell of itself, as nodes do.
func (f *simulation) beat(ctx context.Context, n *simulated, name string) {
	tick := time.NewTicker(nodeBeat)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := n.holder.Load()
		if now == nil {
			continue
		}
		_ = n.control.Beat(ctx, control.Node{ // one that fails is the next one's
			ID: name, Name: name, Version: "bench", StartedAt: now.Since, Head: control.Head{Revision: now.Revision, ChangeID: now.ChangeID},
		})
	}
}

func (f *simulation) stop(cancel func()) {
	cancel()
	f.running.Wait()
	var closing sync.WaitGroup
	for _, n := range f.nodes {
		closing.Go(func() { _ = n.store.Close() }) // of what is thrown away
	}
	closing.Wait()
}

// row has so many changes made each second, and says what that took.
func (f *simulation) row(ctx context.Context, perSecond int) ([]string, error) {
	cpu, err := f.db.cpu()
	if err != nil {
		return nil, err
	}
	own, statements, began, troubles := ownCPU(), f.db.statements(), time.Now(), f.troubles.Load()
	seen := newSightings(f.nodes)
	looking, stopLooking := context.WithCancel(ctx)
	var looker sync.WaitGroup
	looker.Go(func() { seen.look(looking) })
	err = f.makeChanges(ctx, seen, perSecond)
	took := time.Since(began)
	after, failed := f.db.cpu()
	if err = errors.Join(err, failed); err == nil {
		own, statements = ownCPU()-own, f.db.statements()-statements
		seen.awaitAll(fleetSettles)
	}
	stopLooking()
	looker.Wait()
	if err != nil {
		return nil, err
	}
	one, all := seen.times()
	cells, every := percentiles(one)[:3], percentiles(all)
	return append(
		cells, every[0], every[2], every[3],
		fmt.Sprintf("%.0f", statements/took.Seconds()),
		fmt.Sprintf("%.0f %%", 100*(after-cpu).Seconds()/took.Seconds()),
		fmt.Sprintf("%.0f %%", 100*own.Seconds()/took.Seconds()),
		f.db.connections(),
		fmt.Sprint(f.troubles.Load()-troubles),
	), nil
}

// makeChanges makes changes at the first node for a while.
func (f *simulation) makeChanges(ctx context.Context, seen *sightings, perSecond int) error {
	end := time.Now().Add(fleetFor)
	if perSecond == 0 {
		time.Sleep(time.Until(end))
		return nil
	}
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	writer := f.nodes[0]
	for time.Now().Before(end) {
		<-tick.C
		f.changes++
		_, _, err := writer.control.AddDomains(ctx, control.Actor{Kind: "command-line", Name: "bench"}, control.AddDomains{
			Text: []string{fmt.Sprintf("changed-%d.example.net", f.changes)},
		})
		refused, known := errors.AsType[*control.Error](err)
		switch {
		case known && refused.Code == control.CodeSavedNotLive:
			continue // so busy is this machine that its revision is not known here
		case err != nil:
			return err
		}
		seen.acknowledged(writer.holder.Load().Revision)
	}
	return nil
}

// heldMemory is what this process holds on the heap and in stacks.
func heldMemory() int64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
