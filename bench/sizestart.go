package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/token"
)

// startSize is how many Trusted Domains a node starts with, and how many access tokens.
const startSize = 1_000_000

// What a node with startSize of both is to keep to.
const (
	goalStart  = 3 * time.Second // with Trusted Domains alone
	goalMemory = 400             // MB
	goalChange = 5 * time.Millisecond
)

// measureStart prints how long a node takes to start with a long list in a file, what it
// holds then, and how soon a change is live in it.
func measureStart(out io.Writer, o options) (err error) {
	const name = "start"
	if !o.only.MatchString(name) {
		return nil
	}
	dir, err := os.MkdirTemp("", "crossgate-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	table := newTable(fmt.Sprintf("size: a node with a file of %d", startSize), "until it serves", "holds, MB", "a change is live after, ms")
	for _, tokens := range []int{0, startSize} {
		file := filepath.Join(dir, fmt.Sprint(tokens, databaseName))
		if err := fillPlainly(context.Background(), file, startSize, tokens); err != nil {
			return fmt.Errorf("filling the database: %w", err)
		}
		node, err := startNode(file)
		if err != nil {
			return err
		}
		title := "Trusted Domains"
		if tokens > 0 {
			title += " and as many tokens"
		}
		table.add(title, fmt.Sprintf("%.2f s", node.ready.Seconds()), fmt.Sprintf("%.0f", node.holds/1e6), fmt.Sprintf("%.1f", node.change*1e3))
	}
	table.add("goal", fmt.Sprintf("%.0f s", goalStart.Seconds()), fmt.Sprint(goalMemory), fmt.Sprintf("%.0f, without the commit", goalChange.Seconds()*1e3))
	return table.write(out)
}

// A started node.
type started struct {
	ready  time.Duration
	holds  float64 // bytes of the heap
	change float64 // seconds from the call until the change is served, commit included
}

// startNode opens a file and follows it, as serve does, until there is a snapshot.
func startNode(file string) (s started, err error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	before := heapInUse()
	began := time.Now()
	db, err := store.Open(ctx, file, store.Config{})
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	service, err := control.New(control.Config{Store: db})
	if err != nil {
		return s, err
	}
	holder, ended := new(snapshot.Holder), make(chan error, 1)
	go func() { ended <- service.Follow(ctx, control.SiteSettings{}, holder, func(error) {}) }()
	for holder.Load() == nil {
		time.Sleep(time.Millisecond)
	}
	s.ready = time.Since(began)
	s.holds = float64(heapInUse()) - float64(before)
	s.change, err = liveAfter(ctx, service)
	runtime.KeepAlive(holder.Load())
	stop()
	return s, errors.Join(err, <-ended)
}

// liveAfter is how long a change takes, in seconds, the median of some.
func liveAfter(ctx context.Context, service *control.Service) (float64, error) {
	actor := control.Actor{Kind: "command-line", Name: accountName}
	const firstID = 1
	var took []float64
	for i := range 10 {
		on := i%2 == 1
		began := time.Now()
		if _, _, err := service.SetDomain(ctx, actor, control.SetDomain{ID: firstID, Enabled: &on}); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began).Seconds())
	}
	return median(took), nil
}

// fillPlainly makes a database with long lists and a log of the last entry alone.
func fillPlainly(ctx context.Context, file string, domains, tokens int) (err error) {
	db, err := store.Open(ctx, file, store.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Update(ctx, func(w control.Writer) error {
		for i := range domains {
			typed := fmt.Sprintf(exactForm, i)
			entry := control.Domain{Typed: typed, Domain: parsed(typed), Enabled: true, CreatedAt: time.Now(), CreatedBy: accountName, Version: 1}
			if _, err := w.InsertDomain(control.DefaultSiteID, entry); err != nil {
				return err
			}
		}
		for i := range tokens {
			one := control.Token{ID: fmt.Sprintf("tok_%020d", i), Name: fmt.Sprintf("Newsletter %d", i), QueryCarrier: token.QueryFull, CreatedAt: time.Now(), CreatedBy: accountName}
			if err := w.InsertToken(control.DefaultSiteID, control.TokenRecord{Token: one, Digest: sha256.Sum256([]byte(one.ID))}); err != nil {
				return err
			}
		}
		last := control.Subject{Site: control.DefaultSiteID, Kind: control.SubjectDomain, Name: fmt.Sprintf(exactForm, domains-1)}
		return record(w, control.Actor{Kind: "command-line", Name: accountName}, "domain.add", last)
	})
}
