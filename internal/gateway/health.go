package gateway

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/snapshot"
)

// CheckUpstreams checks the upstreams of the sites that want it, and forgets those that
// no site has any more, until ctx ends and the last check is over. Without it upstreams
// are known by the requests alone.
func (g *Gateway) CheckUpstreams(ctx context.Context) {
	c := checker{g: g, slots: make(chan struct{}, HealthAtOnce)}
	tick := time.NewTicker(healthTick)
	defer tick.Stop()
	for ctx.Err() == nil {
		now := time.Now()
		c.reload(now)
		c.begin(ctx, now)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	for range HealthAtOnce {
		c.slots <- struct{}{}
	}
}

// A checker asks upstreams how they are.
type checker struct {
	g      *Gateway
	slots  chan struct{} // one for each check under way
	seen   *snapshot.Snapshot
	loaded time.Time
	byURL  map[*member]*check
	list   []*check
	next   int // where the search for those that are due begins, so that each has its turn
}

// A check is how one upstream is asked.
type check struct {
	of       *member
	site     int64 // the oldest that wants it: its path counts
	url      *url.URL
	interval time.Duration
	due      time.Time
	running  atomic.Bool
}

// reload takes over what has changed.
func (c *checker) reload(now time.Time) {
	if now.Sub(c.loaded) < healthReload {
		return
	}
	c.loaded = now
	current := c.g.cfg.Snapshot.Load()
	if current == nil || current.Default == nil {
		return
	}
	if current != c.seen {
		c.seen = current
		c.collect(current, now)
	}
	known := make(map[*member]struct{}, len(c.byURL))
	for u := range c.byURL {
		known[u] = struct{}{}
	}
	c.g.pools.sweep(current, known)
	c.g.cfg.Metrics.Upstreams(c.g.pools.census())
}

// collect finds what is to be checked. A check that was there goes on in its own time.
func (c *checker) collect(current *snapshot.Snapshot, now time.Time) {
	before := c.byURL
	c.byURL, c.list = make(map[*member]*check, len(before)), c.list[:0]
	add := func(site *snapshot.Site) bool {
		for _, at := range site.Upstreams {
			c.add(site, at, before, now)
		}
		return true
	}
	if d := current.Default; d.Health.Path != "" {
		add(d)
	}
	current.Sites.Checked(add)
	for u := range before {
		if c.byURL[u] == nil {
			u.unchecked()
		}
	}
	for _, one := range c.byURL {
		c.list = append(c.list, one)
	}
}

// add wants an upstream to be checked as a site says. The oldest site that says
// anything has the say.
func (c *checker) add(site *snapshot.Site, at *url.URL, before map[*member]*check, now time.Time) {
	u := c.g.pools.checkable(at)
	if there := c.byURL[u]; there != nil && there.site < site.ID {
		return
	}
	interval := site.Health.Interval
	if interval == 0 {
		interval = snapshot.DefaultHealthInterval
	}
	interval = max(interval, MinHealthInterval)
	wanted := &check{of: u, site: site.ID, url: healthURL(at, site.Health.Path), interval: interval}
	if old := before[u]; old != nil && *old.url == *wanted.url && old.interval == interval {
		old.site = site.ID
		wanted = old
	} else {
		wanted.due = now.Add(rand.N(min(interval, snapshot.DefaultHealthInterval)))
	}
	c.byURL[u] = wanted
}

// healthURL is where an upstream is checked.
func healthURL(at *url.URL, path string) *url.URL {
	path, query, _ := strings.Cut(path, "?")
	u := &url.URL{Path: "/"}
	if parsed, err := url.Parse("/" + strings.TrimLeft(path, "/")); err == nil {
		u = parsed
	}
	setTarget(u, at, u.EscapedPath(), query)
	return u
}

// begin starts the checks that are due, as many as there are slots for.
func (c *checker) begin(ctx context.Context, now time.Time) {
	for range c.list {
		c.next++
		one := c.list[c.next%len(c.list)]
		if now.Before(one.due) || one.running.Load() {
			continue
		}
		select {
		case c.slots <- struct{}{}:
		default:
			c.next-- // it is its turn
			return
		}
		one.due = now.Add(one.interval - one.interval/10 + rand.N(one.interval/5))
		one.running.Store(true)
		go func() {
			defer func() { <-c.slots }()
			defer one.running.Store(false)
			c.g.check(ctx, one)
		}()
	}
}

// check asks an upstream once.
func (g *Gateway) check(ctx context.Context, one *check) {
	well := g.ask(ctx, one.url)
	if ctx.Err() == nil && one.of.checked(well) {
		g.tellHealth(one.of, "health check")
	}
}

// ask reports whether there is an answer in time that says that all is well.
func (g *Gateway) ask(ctx context.Context, at *url.URL) bool {
	ctx, cancel := context.WithTimeout(ctx, HealthTimeout)
	defer cancel()
	req := (&http.Request{Method: http.MethodGet, URL: at, Header: http.Header{"User-Agent": {"crossgate"}}}).WithContext(ctx)
	res, err := g.transport.RoundTrip(req)
	if err != nil {
		return false
	}
	_, _ = io.CopyN(io.Discard, res.Body, HealthBodyBytes) // what cannot be read need not be kept
	_ = res.Body.Close()
	return res.StatusCode >= 200 && res.StatusCode < 400
}
