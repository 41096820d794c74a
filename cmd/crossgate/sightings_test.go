package main

import (
	"context"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// sightingNode is a node over a database file that carries nothing further.
func sightingNode(t *testing.T, database string, mode gate.Mode) *node {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(api.Close)
	given := map[string]string{"CROSSGATE_UPSTREAM": api.URL, "CROSSGATE_DATABASE": database, "CROSSGATE_MODE": string(mode)}
	settings, err := serveSettings(func(name string) string { return given[name] })
	if err != nil {
		t.Fatal(err)
	}
	n, err := newNode(t.Context(), settings, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// serveSettings are those of crossgate serve, from an environment alone.
func serveSettings(env func(name string) string) (*config.Config, error) {
	return config.Load(config.ForServe, config.Sources{
		Flags: config.Register(flag.NewFlagSet("", flag.ContinueOnError), config.ForServe),
		Env:   env,
	})
}

// What was refused, or would have been, is known to the process after the next, and
// nothing of a token is in the files that it is written to.
func TestSightingsOutliveTheProcess(t *testing.T) {
	const secret = "cgt_0123456789abcdefghijklmnopqrstuvwxyz"
	database := filepath.Join(t.TempDir(), "crossgate.db")
	for round, mode := range []gate.Mode{gate.Enforce, gate.Observe} {
		n := sightingNode(t, database, mode)
		n.recall(t.Context())
		n.carry(t, "/a/"+secret+"?access_token="+secret, "/b")
		n.flushSightings(t.Context())
		all := n.inspect.At(inspect.DefaultSite).RefusedOrigins()
		if want := uint64(2*round + 2); len(all) != 1 || all[0].Hits != want || all[0].Origin != "https://partner.example" {
			t.Errorf("%s: %+v, want %d hits", mode, all, want)
		}
		if err := n.close(); err != nil {
			t.Fatal(err)
		}
	}
	text := fileText(t, database)
	if strings.Contains(text, secret[len("cgt_"):]) || !strings.Contains(text, "https://partner.example") {
		t.Error("the database holds a token, or nothing of what was seen")
	}
	n := sightingNode(t, database, gate.Enforce)
	defer n.close()
	n.recall(t.Context())
	total := n.inspect.At(inspect.DefaultSite).Series(inspect.LastWeek).Total
	if total.Refused != 3 || total.Observed != 1 { // a token of ours is not carried for anybody
		t.Errorf("in all %+v", total)
	}
}

// carry sends the node requests from a page that nobody trusts.
func (n *node) carry(t *testing.T, targets ...string) {
	t.Helper()
	following, stop := contextFor(t)
	go n.follow(following)
	n.awaitSnapshot(t.Context())
	defer stop()
	for _, target := range targets {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+target, nil)
		r.Header.Set("Origin", "https://partner.example")
		n.gateway.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func contextFor(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

func fileText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
