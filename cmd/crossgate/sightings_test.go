package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
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
	stop := n.following(t)
	defer stop()
	for _, target := range targets {
		n.call("127.0.0.1", target)
	}
}

func fileText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Nodes over one database show what all of them have seen, each of it once and each site
// its own. What is seen of a site that is gone is in nobody's way.
func TestNodesShowWhatAllHaveSeen(t *testing.T) {
	for name, database := range map[string]func(*testing.T) string{
		"a file":     func(t *testing.T) string { return filepath.Join(t.TempDir(), "crossgate.db") },
		"PostgreSQL": func(t *testing.T) string { return pgtest.NewDatabase(t) },
	} {
		t.Run(name, func(t *testing.T) {
			at := database(t)
			a, b := sightingNode(t, at, gate.Enforce), sightingNode(t, at, gate.Enforce)
			defer a.close()
			defer b.close()
			who := control.Actor{Kind: "user", Name: "anna"}
			places := map[string]control.Place{"127.0.0.1": {ID: control.DefaultSiteID, Name: control.DefaultSite}}
			for _, site := range []string{"alpha", "gone"} {
				made, err := a.control.AddSite(t.Context(), who, control.Site{Name: site, Addresses: []string{"http://" + site + ".test"}, Upstreams: []string{"http://127.0.0.1:9"}})
				if err != nil {
					t.Fatal(err)
				}
				places[site+".test"] = control.Place{ID: made.ID, Name: made.Name}
			}
			for _, n := range []*node{a, b} {
				stop := n.following(t)
				for host := range places {
					n.call(host, "/a")
					n.call(host, "/b")
				}
				stop()
			}
			if err := a.control.RemoveSite(t.Context(), who, "gone"); err != nil {
				t.Fatal(err)
			}
			// a has written down two calls of each site, b not; then b has as well, and one more.
			wants := func(n *node, host string, want uint64) {
				t.Helper()
				if err := n.inspect.Recall(t.Context(), places[host].ID); err != nil {
					t.Fatal(err)
				}
				v := n.inspect.At(places[host].ID)
				all, total := v.RefusedOrigins(), v.Series(inspect.LastWeek).Total
				if len(all) != 1 || all[0].Hits != want || total.Refused != want {
					t.Errorf("%s: %+v, %+v, want %d", host, all, total, want)
				}
				if own := v.List(inspect.Filter{}, 0, 99); len(own) < 2 || len(own) > 3 {
					t.Errorf("%s: %d exchanges", host, len(own))
				}
			}
			hosts := []string{"127.0.0.1", "alpha.test"}
			a.flushSightings(t.Context())
			for _, host := range hosts {
				wants(a, host, 2)
				wants(b, host, 4)
			}
			b.flushSightings(t.Context())
			stop := b.following(t)
			b.call("alpha.test", "/a")
			stop()
			for round := range 2 {
				wants(a, "127.0.0.1", 4)
				wants(b, "127.0.0.1", 4)
				wants(a, "alpha.test", uint64(4+round))
				wants(b, "alpha.test", 5)
				b.flushSightings(t.Context())
			}
			if seen, err := a.control.In(places["gone.test"]).Sightings(t.Context()); err != nil || len(seen.Traffic)+len(seen.Days)+len(seen.Refused) != 0 {
				t.Errorf("of a site that is gone %+v is kept, %v", seen, err)
			}
		})
	}
}

// Nodes that write the same rows at the same moment wait for each other, and none of them
// fails.
func TestNodesWriteAtOnce(t *testing.T) {
	const rounds, origins = 5, 60
	at := pgtest.NewDatabase(t)
	nodes := []*node{sightingNode(t, at, gate.Enforce), sightingNode(t, at, gate.Enforce), sightingNode(t, at, gate.Enforce)}
	for range rounds {
		var writing sync.WaitGroup
		for _, n := range nodes {
			for i := range origins {
				n.inspect.Record(&inspect.Observation{
					Time: time.Now(), Method: "GET", Path: "/", Origin: fmt.Sprintf("https://%d.example", i),
					Judged: true, Refused: true, Reason: gate.OriginNotTrusted, Status: 403,
				})
			}
			writing.Go(func() {
				if err := n.inspect.Flush(t.Context(), n.writeSightings); err != nil {
					t.Error(err)
				}
			})
		}
		writing.Wait()
	}
	for _, n := range nodes {
		if err := n.inspect.Recall(t.Context(), control.DefaultSiteID); err != nil {
			t.Fatal(err)
		}
		if got, want := n.inspect.At(control.DefaultSiteID).Series(inspect.LastWeek).Total.Refused, uint64(rounds*origins*len(nodes)); got != want {
			t.Errorf("%d calls, want %d", got, want)
		}
		if err := n.close(); err != nil {
			t.Error(err)
		}
	}
}

// following makes the node follow the list until stop is called.
func (n *node) following(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { n.follow(ctx) })
	n.awaitSnapshot(t.Context())
	return func() {
		cancel()
		running.Wait()
	}
}

// call sends the node a request from a page that nobody trusts.
func (n *node) call(host, target string) {
	r := httptest.NewRequest(http.MethodGet, "http://"+host+target, nil)
	r.Header.Set("Origin", "https://partner.example")
	n.gateway.ServeHTTP(httptest.NewRecorder(), r)
}

// The site that is called when no site was found is the control plane's default one.
func TestDefaultSite(t *testing.T) {
	if inspect.DefaultSite != control.DefaultSiteID {
		t.Errorf("%d, want %d", inspect.DefaultSite, control.DefaultSiteID)
	}
}
