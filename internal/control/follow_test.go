package control_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

const page = "https://app.example.com"

// allows asks the published gate. Without a snapshot nothing is allowed.
func allows(to *snapshot.Holder, origin string) bool {
	s := to.Load()
	return s != nil && gate.Check(s.Default.Gate, origin, time.Now()).Allowed
}

// start follows until the test ends, and returns after the first attempt.
func start(t *testing.T, c *control.Service, site control.SiteSettings) (*snapshot.Holder, *reports) {
	t.Helper()
	to, got := new(snapshot.Holder), new(reports)
	go func() {
		if err := c.Follow(t.Context(), site, to, got.add); err != nil {
			t.Errorf("Follow: %v", err)
		}
	}()
	synctest.Wait()
	return to, got
}

// reports collects what Follow reports.
type reports struct {
	mu   sync.Mutex
	errs []error
}

func (r *reports) add(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

func (r *reports) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.errs)
}

// Promise P6: a change is decided by when the call that made it returns.
func TestOwnChangesAreLiveAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := controlOver(t, filepath.Join(t.TempDir(), "crossgate.db"), nil)
		to, _ := start(t, c, control.SiteSettings{})
		step := func(what string, want bool, err error) {
			t.Helper()
			must(t, err)
			if allows(to, page) != want {
				t.Errorf("after the entry was %s, the page is allowed: %v", what, !want)
			}
		}
		change := add(t, c, "app.example.com")
		step("added", true, nil)
		no := false
		_, off, err := c.SetDomain(t.Context(), anna, control.SetDomain{ID: find(t, c, "app.example.com").ID, Enabled: &no})
		step("switched off", false, err)
		_, err = c.Undo(t.Context(), anna, off.ID)
		step("switched on again", true, err)
		_, err = c.Undo(t.Context(), anna, change.ID)
		step("taken back", false, err)
	})
}

// Another process's changes are live at the next poll; between changes nothing is
// published anew.
func TestOthersChangesAreFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "crossgate.db")
		server, commandLine := controlOver(t, path, nil), controlOver(t, path, nil)
		to, _ := start(t, server, control.SiteSettings{})
		add(t, commandLine, "app.example.com")
		time.Sleep(time.Second)
		if !allows(to, page) {
			t.Error("a second later the page is not allowed")
		}
		before := to.Load()
		_, err := commandLine.SignIn(t.Context(), "nobody", password, address, "a browser")
		wantCode(t, err, control.CodeWrongCredentials)
		must(t, commandLine.RecordUsage(t.Context(), control.Usage{Domains: map[int64]control.Seen{1: {Hits: 1, Last: time.Now()}}}))
		time.Sleep(time.Second)
		if to.Load() != before {
			t.Error("what the gateway does not decide by was published anew")
		}
		_, err = commandLine.RemoveDomains(t.Context(), anna, []int64{find(t, commandLine, "app.example.com").ID})
		must(t, err)
		time.Sleep(time.Second)
		if allows(to, page) {
			t.Error("a second after its removal the page is still allowed")
		}
	})
}

func TestSnapshotHoldsWhatTheGatewayNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := controlOver(t, filepath.Join(t.TempDir(), "crossgate.db"), nil)
		own, err := trust.ParseOrigin("https://api.example.com")
		must(t, err)
		to, _ := start(t, c, control.SiteSettings{Upstreams: []string{"http://127.0.0.1:9000/base"}, PublicURLs: []trust.Origin{own}, Mode: gate.Observe})
		add(t, c, "app.example.com")
		made, secret, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "app", Domains: []string{"app.example.com"}})
		must(t, err)
		_, err = c.RevokeToken(t.Context(), anna, made.ID)
		must(t, err)

		s := to.Load()
		same(t, s.Revision, int64(3))
		site := s.Default
		same(t, []any{site.ID, site.Name, site.Upstreams[0].String()}, []any{control.DefaultSiteID, "default", "http://127.0.0.1:9000/base"})
		same(t, site.Gate.Policy().Mode, gate.Observe)
		if !allows(to, own.String()) {
			t.Error("the public URL is not its own origin")
		}
		wantDenied(t, site.Gate, secret, gate.Code(token.Revoked))
	})
}

// wantDenied wants a request with a token to be refused for a reason.
func wantDenied(t *testing.T, site *gate.Site, secret string, reason gate.Code) {
	t.Helper()
	f := &gate.Facts{
		Method: "GET", Path: "/", Host: "api.example.com", Origin: page, Origins: 1,
		Authorization: "Bearer " + secret, Authorizations: 1, Now: time.Now(),
	}
	edits := gate.Plan(site, f, gate.Judge(site, f), nil)
	if edits.Problem == nil || edits.Problem.Code != reason {
		t.Errorf("a revoked token gets %+v, want %s", edits.Problem, reason)
	}
}

// A store that fails is reported once for each outage, and the last good snapshot
// stays (P1, P2).
func TestOutages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
		must(t, err)
		t.Cleanup(func() { db.Close() })
		flaky := &flakyStore{Store: db}
		c, err := control.New(control.Config{Store: flaky})
		must(t, err)

		flaky.failFrom("Entries")
		to, got := start(t, c, control.SiteSettings{})
		for _, part := range []string{"Entries", "Grants"} {
			flaky.failFrom(part)
			time.Sleep(time.Second)
			same(t, []any{to.Load() == nil, got.count()}, []any{true, 1})
		}
		flaky.failFrom("")
		time.Sleep(time.Second)
		add(t, c, "app.example.com")

		for _, part := range []string{"View", "Head", "ChangedSince", "EntriesNamed"} {
			before := to.Load()
			flaky.failFrom(part)
			_, _, err := c.AddDomains(t.Context(), anna, control.AddDomains{Text: []string{part + ".example.net"}})
			wantCode(t, err, control.CodeSavedNotLive)
			time.Sleep(time.Second)
			if to.Load() != before {
				t.Errorf("with %s failing the last good snapshot was replaced", part)
			}
			flaky.failFrom("")
			time.Sleep(time.Second)
			if !allows(to, page) || !allows(to, "https://"+strings.ToLower(part)+".example.net") {
				t.Errorf("what was saved while %s failed is not live a second after", part)
			}
		}
		same(t, got.count(), 5)
	})
}
