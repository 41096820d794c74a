package control

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Keep says where a node keeps what it decides by, so that it can start without its
// database (promise P1). Beside the file is another one, its name and ".head", that says
// which revision the node served last: it is written before a newer one is served, and
// the snapshot is used with that revision alone, so that a start from it never brings back
// what was revoked (P7).
type Keep struct {
	File     string        // "": nowhere
	MaxAge   time.Duration // since the node last knew it to be current; 0: DefaultKeepAge
	Database string        // a name of the records: a file of others is not used
}

// DefaultKeepAge is how old a snapshot on the disk may be to start from.
const DefaultKeepAge = 24 * time.Hour

// How a snapshot is kept.
const (
	keepHead = ".head" // is added to the name for the file of the head
	keepNew  = ".new"  // and for the one that is being written

	keepWait    = 500 * time.Millisecond // for the disk, before a newer revision is served anyway
	keepConfirm = time.Minute            // between two notes that the head is still the latest
	keepAgain   = 5 * time.Second        // before what could not be written is tried again
	keepShare   = 9                      // times as long as writing took passes before the next writing
	keepFuture  = 5 * time.Minute        // a clock may be wrong by so much
)

var (
	errKeptByAnother = errors.New("another process keeps its own there; give each node a file of its own with --snapshot")
	errOtherShape    = errors.New("another version of Crossgate wrote it")
)

// A keeper keeps what a node decides by in a file. Nothing that becomes of the disk
// keeps anything from being published, but for keepWait.
type keeper struct {
	Keep
	clock func() time.Time
	wake  chan struct{} // of one place: there is something to write
	begun chan struct{} // closed once the disk was asked

	opening sync.Mutex // held while the file is being opened

	mu      sync.Mutex
	file    *os.File     // of the head, and locked; nil: not yet
	wanted  keptHead     // to be in that file; zero: what is there counts
	waiting []chan error // those who wait for it to be
	busy    bool         // somebody writes it
	headErr error        // why it could not be written
	world   *world       // that was published last
	kept    Head         // that the snapshot on the disk is of
	err     error        // why it could not be written
}

func newKeeper(cfg Keep, clock func() time.Time) *keeper {
	if cfg.MaxAge == 0 {
		cfg.MaxAge = DefaultKeepAge
	}
	sum := sha256.Sum256([]byte(cfg.Database))
	cfg.Database = hex.EncodeToString(sum[:16])
	return &keeper{Keep: cfg, clock: clock, wake: make(chan struct{}, 1), begun: make(chan struct{})}
}

func (k *keeper) on() bool { return k.File != "" }

// run writes down what is published, until ctx ends, and then what is not written yet.
func (k *keeper) run(ctx context.Context) {
	if !k.on() {
		close(k.begun)
		return
	}
	defer k.close()
	again := time.NewTicker(keepAgain)
	defer again.Stop()
	_ = k.begin() // trouble tells of it
	close(k.begun)
	for {
		_ = k.begin()
		took := k.writeDown()
		if !rest(ctx, keepShare*took) {
			k.writeDown()
			return
		}
		select {
		case <-ctx.Done():
		case <-k.wake:
		case <-again.C:
		}
	}
}

// begin opens and locks the file of the head. Where another process had it, what was
// published since is told to it now.
func (k *keeper) begin() error {
	k.opening.Lock() // and not mu: the disk may take its time
	defer k.opening.Unlock()
	if k.isOpen() {
		return nil
	}
	file, err := openKept(k.File + keepHead)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		k.headErr = fmt.Errorf("the snapshot cannot be kept in %s: %w", k.File, err)
		return err
	}
	k.file, k.headErr = file, nil
	if k.wanted.head != (Head{}) {
		k.order()
	}
	return nil
}

func (k *keeper) isOpen() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.file != nil
}

// awaitBegin gives the disk the time to answer, so that the first snapshot is announced.
func (k *keeper) awaitBegin(ctx context.Context) {
	patience := time.NewTimer(keepWait)
	defer patience.Stop()
	select {
	case <-k.begun:
	case <-patience.C:
	case <-ctx.Done():
	}
}

func (k *keeper) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file != nil {
		_ = k.file.Close() // what is in it was made durable
		k.file = nil
	}
}

// announce makes sure that the disk knows of a head before it is served. Where that
// cannot be done, the snapshot on the disk is of no use any more, and is removed.
func (k *keeper) announce(ctx context.Context, head Head, now time.Time) {
	if !k.on() {
		return
	}
	k.mu.Lock()
	if k.wanted.head == head && k.headErr == nil {
		k.mu.Unlock()
		return
	}
	k.wanted = keptHead{head, now}
	written := k.order()
	k.mu.Unlock()
	patience := time.NewTimer(keepWait)
	defer patience.Stop()
	select {
	case <-written:
	case <-ctx.Done():
	case <-patience.C:
	}
}

// order has the wanted head written, and returns where the result will be. The lock is held.
func (k *keeper) order() <-chan error {
	done := make(chan error, 1)
	if k.file == nil {
		done <- nil
		return done
	}
	k.waiting = append(k.waiting, done)
	if !k.busy {
		k.busy = true
		go k.writeHeads()
	}
	return done
}

// writeHeads writes the head that is wanted, for as long as anybody waits for one. It is
// always the latest: an earlier one is never written after it.
func (k *keeper) writeHeads() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.waiting) > 0 && k.file != nil {
		file, wanted, waiting := k.file, k.wanted, k.waiting
		k.waiting = nil
		k.mu.Unlock()
		err := putKeptHead(file, wanted)
		if err != nil {
			_ = os.Remove(k.File) // the error is told, and tried again
		}
		k.mu.Lock()
		k.headErr = nil
		if err != nil {
			k.headErr, k.kept = fmt.Errorf("the snapshot cannot be kept in %s: %w", k.File, err), Head{}
		}
		for _, w := range waiting {
			w <- err
		}
	}
	for _, w := range k.waiting {
		w <- nil
	}
	k.waiting, k.busy = nil, false
}

// keep has a world written down, which is published.
func (k *keeper) keep(w *world) {
	if !k.on() {
		return
	}
	k.mu.Lock()
	k.world = w
	k.mu.Unlock()
	wake(k.wake)
}

// confirm notes, now and then, that a head is still the latest.
func (k *keeper) confirm(head Head, now time.Time) {
	if !k.on() {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	due := now.Sub(k.wanted.confirmed) >= keepConfirm || now.Before(k.wanted.confirmed) || k.headErr != nil
	if k.wanted.head == head && due && !k.busy {
		k.wanted.confirmed = now
		k.order()
	}
}

// writeDown writes the world that was published last, unless it is written, and returns
// how long that took.
func (k *keeper) writeDown() time.Duration {
	k.mu.Lock()
	w, done := k.world, k.world == nil || k.file == nil || k.headErr != nil || k.world.head == k.kept
	k.mu.Unlock()
	if done {
		return 0
	}
	began := time.Now()
	err := putKeptWorld(k.File, k.Database, w)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = nil
	if err != nil {
		k.err = fmt.Errorf("the snapshot cannot be kept: %w", err)
	} else {
		k.kept = w.head
	}
	return time.Since(began)
}

// trouble says why nothing is kept, or nil.
func (k *keeper) trouble() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.headErr != nil {
		return k.headErr
	}
	return k.err
}

// keptAt returns when what is on the disk was last known to be current; zero: it is
// not, or there is nothing.
func (k *keeper) keptAt() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == (Head{}) || k.kept != k.wanted.head || k.headErr != nil {
		return time.Time{}
	}
	return k.wanted.confirmed
}
