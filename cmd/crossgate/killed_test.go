package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/server"
	"github.com/crossgate/crossgate/internal/store"
)

// hasty is a program that serves as crossgate does and writes down what it sees more
// often, so that no test waits for a minute.
const hasty = "crossgate-hasty"

// hastyMain is that program. Its settings are in the environment.
func hastyMain() {
	if err := serveHastily(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}

func serveHastily(ctx context.Context) (err error) {
	settings, err := serveSettings(os.Getenv)
	if err != nil {
		return err
	}
	n, err := newNode(ctx, settings, slog.New(slog.NewTextHandler(os.Stderr, nil)), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	n.every = pollEvery
	services, err := n.services(ctx)
	if err != nil {
		return err
	}
	defer closeListeners(services)
	return n.run(ctx, server.Drain{Notice: -1}, services, func() error {
		_, err := fmt.Printf("gateway %s\ndashboard %s\n", services[0].Listener.Addr(), services[1].Listener.Addr())
		return err
	})
}

// A process that is killed loses what it has not written down yet, which it does every
// minute, and nothing of what it has: neither by being killed, nor by being killed again.
func TestKilled(t *testing.T) {
	if writeEvery > time.Minute {
		t.Errorf("what is lost is more than a minute: %s", writeEvery)
	}
	database := filepath.Join(t.TempDir(), "crossgate.db")
	const requests = 3
	for round := range 2 {
		p, gateway := startHasty(t, database)
		for range requests {
			status, text, err := request(http.MethodGet, gateway+"/things", "", []string{"Origin: https://partner.example"})
			if err != nil || status != "403" {
				t.Fatalf("status %s, %v\n%s", status, err, text)
			}
		}
		want := int64((round + 1) * requests)
		awaitRefused(t, database, want)
		p.kill()
		n := sightingNode(t, database, gate.Enforce)
		n.recall(t.Context())
		origins, refused := n.inspect.At(inspect.DefaultSite).RefusedOrigins(), n.inspect.At(inspect.DefaultSite).Series(inspect.LastDay).Total.Refused
		if len(origins) != 1 || origins[0].Hits != uint64(want) || refused != uint64(want) {
			t.Errorf("killed %d times: %d refused, %+v; want %d", round+1, refused, origins, want)
		}
		if err := n.close(); err != nil {
			t.Fatal(err)
		}
	}
}

// startHasty starts the hasty program and returns the address of its gateway.
func startHasty(t *testing.T, database string, more ...string) (p *process, gateway string) {
	t.Helper()
	path, err := exec.LookPath(hasty)
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(api.Close)
	p, err = startProcess(path, t.TempDir(), environ(append([]string{
		"CROSSGATE_UPSTREAM=" + api.URL, "CROSSGATE_DATABASE=" + database,
		"CROSSGATE_LISTEN=127.0.0.1:0", "CROSSGATE_DASHBOARD=127.0.0.1:0",
	}, more...)...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	found, err := p.await(&p.stdout, `gateway (\S+)\n`)
	if err != nil {
		t.Fatal(err)
	}
	return p, "http://" + found[1]
}

// awaitRefused waits until so many calls of refused origins are written down.
func awaitRefused(t *testing.T, database string, want int64) {
	t.Helper()
	db, err := store.Open(t.Context(), database, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	service, err := control.New(control.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	var got int64
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pollEvery) {
		seen, err := service.Sightings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got = 0
		for _, o := range seen.Refused {
			got += o.Hits
		}
		if got == want {
			return
		}
	}
	t.Fatalf("%d calls are written down, want %d", got, want)
}
