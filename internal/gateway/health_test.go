package gateway

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
)

// eventually waits for something to become true.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

// checking has the rig's gateway check upstreams until the test ends.
func (r *rig) checking() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.CheckUpstreams(ctx)
	}()
	r.t.Cleanup(func() {
		stop()
		<-done
	})
}

// An upstream that comes back is used again, and one that goes is left out after its
// first request, which is not lost.
func TestUpstreamGoesAndComesBack(t *testing.T) {
	var steady, other atomic.Int32
	counting := func(n *atomic.Int32) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			n.Add(1)
			w.Header().Set("Connection", "close")
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	start := func(l net.Listener) *http.Server {
		s := &http.Server{Handler: counting(&other), ReadHeaderTimeout: patience}
		go func() { _ = s.Serve(l) }()
		return s
	}
	server := start(l)
	clock := new(movingClock)
	r := newRig(t, rigConfig{answer: counting(&steady), others: []*url.URL{{Scheme: "http", Host: address}}, config: func(c *Config) { c.Now = clock.Now }})
	ask := func(n int) {
		t.Helper()
		for range n {
			if res := r.send("POST", "/", "body"); res.StatusCode != 200 {
				t.Fatalf("status %d", res.StatusCode)
			}
		}
	}
	ask(50)
	if steady.Load() == 0 || other.Load() == 0 {
		t.Fatalf("%d and %d requests", steady.Load(), other.Load())
	}
	_ = server.Close()
	before := other.Load()
	ask(50)
	if other.Load() != before {
		t.Error("requests arrived where nobody listens")
	}
	if !strings.Contains(r.log.String(), "upstream is out of use for a time") {
		t.Errorf("the log does not say so: %s", r.log)
	}
	if l, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	server = start(l)
	defer server.Close()
	clock.forward(2*EjectMost + TrialEvery)
	ask(50)
	if other.Load() == before {
		t.Error("an upstream that is back gets nothing")
	}
	if !strings.Contains(r.log.String(), "upstream is in use again") {
		t.Errorf("the log does not say so: %s", r.log)
	}
}

// Checks take an upstream out of use and put it back, and there is one of them for all
// sites. Without a health path nobody is asked.
func TestChecks(t *testing.T) {
	m, err := observe.NewMetrics(observe.MetricsConfig{
		Reasons: Reasons(), Upstream: UpstreamReasons(), Carriers: Carriers(), State: func() observe.State { return observe.State{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	var sick atomic.Bool
	var checks, requests atomic.Int32
	checked := upstream.New(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/base/healthz" {
			requests.Add(1)
			return
		}
		if checks.Add(1); r.URL.RawQuery != "deep=1" || r.Header.Get("Cookie") != "" {
			t.Errorf("a check asks for %s", r.URL)
		}
		if sick.Load() {
			w.WriteHeader(500)
		}
	})
	base := *checked.URL
	base.Path = "/base/"
	r := newRig(t, rigConfig{config: func(c *Config) { c.Metrics = m }})
	site := func(id int64, health snapshot.HealthCheck, upstreams ...*url.URL) *snapshot.Site {
		return &snapshot.Site{ID: id, Upstreams: upstreams, Health: health, Gate: gate.NewSite(r.site)}
	}
	health := snapshot.HealthCheck{Path: "/healthz?deep=1", Interval: MinHealthInterval}
	r.holder.Store(&snapshot.Snapshot{
		Default: site(1, health, &base, r.upstream),
		Sites:   snapshot.Sites{}.With([]*snapshot.Site{site(2, snapshot.HealthCheck{Path: "/another"}, &base), site(3, snapshot.HealthCheck{}, upstream.Closed(t))}, nil),
	})
	r.api.Forget()
	r.checking()
	scrape := func() string {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		text, _ := io.ReadAll(w.Body)
		return string(text)
	}
	eventually(t, "the first checks", func() bool { return checks.Load() > 0 && len(r.api.Seen()) > 0 })
	sick.Store(true)
	eventually(t, "one upstream is out of use", func() bool {
		return strings.Contains(scrape(), "crossgate_upstreams 2\n") && strings.Contains(scrape(), "crossgate_upstreams_unwell 1\n")
	})
	requests.Store(0)
	for range 20 {
		r.ask("GET", "/")
	}
	if requests.Load() != 0 {
		t.Error("an upstream that is down gets requests")
	}
	sick.Store(false)
	eventually(t, "it is in use again", func() bool {
		r.ask("GET", "/")
		return requests.Load() > 0
	})
	// The site has no health check any more: what was down because of it is not.
	eventually(t, "the metrics say so", func() bool { return strings.Contains(scrape(), "crossgate_upstreams_unwell 0\n") })
	sick.Store(true)
	eventually(t, "down again", func() bool { return strings.Contains(scrape(), "crossgate_upstreams_unwell 1\n") })
	r.holder.Store(&snapshot.Snapshot{Default: site(1, snapshot.HealthCheck{}, &base, r.upstream)})
	r.ask("GET", "/")
	eventually(t, "forgotten", func() bool { return strings.Contains(scrape(), "crossgate_upstreams_unwell 0\n") })
	for _, seen := range checked.Seen() {
		if strings.HasPrefix(seen.Target, "/another") || strings.HasPrefix(seen.Target, "/base/another") {
			t.Error("another site's path was asked for")
		}
	}
}

// Checks of upstreams that do not answer hold up no others, and end with the context.
func TestChecksOfManyThatHang(t *testing.T) {
	hang := upstream.Raw(t, func(c net.Conn, _ *bufio.Reader) { _, _ = io.Copy(io.Discard, c) })
	var asked atomic.Int32
	well := upstream.New(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	r := newRig(t, rigConfig{})
	all := []*url.URL{}
	for i := range HealthAtOnce - 1 {
		one := *hang
		one.Path = "/" + strings.Repeat("x", i)
		all = append(all, &one)
	}
	r.holder.Store(&snapshot.Snapshot{Default: &snapshot.Site{
		ID: 1, Upstreams: append(all, well.URL), Gate: gate.NewSite(r.site), Health: snapshot.HealthCheck{Path: "/", Interval: MinHealthInterval},
	}})
	r.checking()
	eventually(t, "the one that answers is asked again and again", func() bool { return asked.Load() > 2 })
}

// What is under way goes on when its upstream is taken off the list; the next request
// goes to another one.
func TestRemovedUpstreamFinishes(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	old := upstream.New(t, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = io.WriteString(w, "to the end")
	})
	fresh := upstream.New(t, nil)
	r := newRig(t, rigConfig{upstream: old.URL, others: []*url.URL{old.URL}})
	r.checking()
	got := make(chan string)
	go func() {
		res, err := http.Get(r.server.URL + "/slow")
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		got <- string(text)
	}()
	<-arrived
	r.upstream, r.others = fresh.URL, []*url.URL{fresh.URL}
	r.publish()
	if res := r.ask("GET", "/"); res.StatusCode != 200 || len(fresh.Seen()) != 1 {
		t.Errorf("status %d", res.StatusCode)
	}
	eventually(t, "the old one is forgotten", func() bool {
		all, _ := r.pools.census()
		return all == 1
	})
	close(release)
	if text := <-got; text != "to the end" {
		t.Errorf("what was under way ended with %q", text)
	}
}

// Redirects that are followed here are followed at the upstream that gave them, and a
// Location that names any of them gets the public name.
func TestRedirectsStayAtTheirUpstream(t *testing.T) {
	var made [2]*upstream.API
	for i := range made {
		made[i] = upstream.New(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/start":
				http.Redirect(w, r, "/end", http.StatusFound)
			case "/elsewhere":
				w.Header().Set("Location", made[1-i].URL.String()+"/there")
				w.WriteHeader(http.StatusFound)
			}
		})
	}
	clock := new(movingClock)
	r := newRig(t, rigConfig{
		upstream: made[0].URL, others: []*url.URL{made[1].URL, upstream.Closed(t)},
		config: func(c *Config) { c.Now = clock.Now },
	})
	for range 20 {
		clock.forward(time.Minute) // the third one, which is not there, is tried again and again
		if res := r.ask("GET", "/start?access_token=abc", "Origin", trustedOrigin); res.StatusCode != 200 {
			t.Fatalf("status %d", res.StatusCode)
		}
		if res := r.ask("GET", "/elsewhere"); res.Header.Get("Location") != r.server.URL+"/there" {
			t.Fatalf("Location %q", res.Header.Get("Location"))
		}
	}
	for _, api := range made {
		starts, ends := 0, 0
		for _, seen := range api.Seen() {
			switch seen.Target {
			case "/start":
				starts++
			case "/end":
				ends++
			}
		}
		if starts != ends || starts == 0 {
			t.Errorf("%d redirects, %d followed", starts, ends)
		}
	}
}

// HTTP/2 upstreams over TLS are balanced alike.
func TestUpstreamsOverTLS(t *testing.T) {
	var protos [2]atomic.Int32
	var at []*url.URL
	r := newRig(t, rigConfig{})
	for range 2 {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { protos[r.ProtoMajor-1].Add(1) }))
		s.EnableHTTP2 = true
		s.StartTLS()
		t.Cleanup(s.Close)
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, u)
		r.transport.TLSClientConfig.RootCAs = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	}
	r.upstream, r.others = at[0], append(at[1:], upstream.Closed(t))
	r.publish()
	for range 20 {
		if res := r.send("POST", "/", "body"); res.StatusCode != 200 {
			t.Fatalf("status %d: %s", res.StatusCode, r.log)
		}
	}
	if protos[0].Load() != 0 || protos[1].Load() != 20 {
		t.Errorf("HTTP/1.1: %d, HTTP/2: %d", protos[0].Load(), protos[1].Load())
	}
}
