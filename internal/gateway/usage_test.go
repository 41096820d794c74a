package gateway

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// Usage counts what was granted: by entry, and by access token.
func TestUsage(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_1"})
	r := newRig(t, rigConfig{
		site:   func(s *gate.SiteConfig) { s.Grants = tokens },
		config: func(c *Config) { c.Now = func() time.Time { return now } },
	})
	r.ask("GET", "/", "Origin", trustedOrigin)
	r.ask("OPTIONS", "/", "Origin", trustedOrigin, "Access-Control-Request-Method", "GET")
	r.ask("GET", "/?access_token="+secret, "Origin", "https://other.example.com")
	r.ask("GET", "/", "Origin", untrustedOrigin)
	r.ask("GET", "/?access_token=cgt_unknown")
	r.ask("GET", "/")
	want := Usage{
		Domains: map[int64]Seen{1: {Hits: 2, Last: now}, 2: {Hits: 1, Last: now}},
		Tokens:  map[string]Seen{"tok_1": {Hits: 1, Last: now}},
	}
	if diff := cmp.Diff(want, r.Flush()); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Usage{Domains: map[int64]Seen{}, Tokens: map[string]Seen{}}, r.Flush()); diff != "" {
		t.Errorf("usage after a flush (-want +got):\n%s", diff)
	}
}

func TestTallyLosesNothing(t *testing.T) {
	tally := newTally[int64]()
	var counting sync.WaitGroup
	for range 8 {
		counting.Go(func() {
			for i := range int64(1000) {
				tally.count(i%100, time.Unix(i, 0))
			}
		})
	}
	total := int64(0)
	for range 10 {
		for _, seen := range tally.flush() {
			total += seen.Hits
		}
	}
	counting.Wait()
	for _, seen := range tally.flush() {
		total += seen.Hits
	}
	if total != 8000 {
		t.Errorf("%d of 8000", total)
	}
}
