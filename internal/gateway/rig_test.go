package gateway

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

const (
	trustedOrigin   = "https://app.example.com"
	untrustedOrigin = "https://evil.example"
)

// A rig is a gateway over real sockets before a fake upstream.
type rig struct {
	*Gateway
	t        testing.TB
	api      *upstream.API // nil where the upstream is another one
	holder   *snapshot.Holder
	server   *httptest.Server
	log      *lockedBuffer
	access   *lockedBuffer
	inspect  *inspect.Recorder
	flush    func() error // of the access log
	site     gate.SiteConfig
	upstream *url.URL
	others   []*url.URL // upstreams of the same site
}

// A rigConfig is what tests choose of a rig. The zero one is a plain gateway.
type rigConfig struct {
	answer   http.HandlerFunc // of the fake API
	upstream *url.URL         // instead of the fake API
	others   []*url.URL       // further upstreams
	site     func(*gate.SiteConfig)
	config   func(*Config)
	tls      bool // HTTP/2 over TLS
	empty    bool // publishes no snapshot
}

func newRig(t testing.TB, cfg rigConfig) *rig {
	t.Helper()
	r := &rig{t: t, holder: new(snapshot.Holder), log: new(lockedBuffer), access: new(lockedBuffer), upstream: cfg.upstream, others: cfg.others}
	if r.upstream == nil {
		r.api = upstream.New(t, cfg.answer)
		r.upstream = r.api.URL
	}
	r.site = gate.SiteConfig{Trusted: trustedSet(t, "app.example.com", "other.example.com", "localhost"), Policy: gate.DefaultPolicy()}
	if cfg.site != nil {
		cfg.site(&r.site)
	}
	if !cfg.empty {
		r.publish()
	}
	r.inspect = inspect.New(inspect.Config{})
	c := Config{Snapshot: r.holder, Log: logger(t, r.log), Inspect: r.inspect}
	access, err := observe.NewAccessLog(r.access, observe.Text)
	if err != nil {
		t.Fatal(err)
	}
	r.flush = access.Flush
	c.Access = access
	if cfg.config != nil {
		cfg.config(&c)
	}
	g, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	r.Gateway = g
	r.serve(cfg.tls)
	return r
}

func (r *rig) serve(tls bool) {
	r.server = httptest.NewUnstartedServer(r.Gateway)
	r.server.Config.ErrorLog = observe.ErrorLog(logger(r.t, r.log))
	r.server.Config.DisableGeneralOptionsHandler = true
	r.server.Config.MaxHeaderBytes = 64 << 10
	r.server.EnableHTTP2 = tls
	if tls {
		r.server.StartTLS()
	} else {
		r.server.Start()
	}
	r.t.Cleanup(func() {
		r.server.CloseClientConnections()
		r.server.Close()
		r.Close()
	})
}

// publish makes the rig's site the current one.
func (r *rig) publish() {
	r.holder.Store(&snapshot.Snapshot{Default: &snapshot.Site{Upstreams: append([]*url.URL{r.upstream}, r.others...), Gate: gate.NewSite(r.site)}})
}

// address is where the gateway listens, as host:port.
func (r *rig) address() string { return r.server.Listener.Addr().String() }

// dial opens a connection to the gateway that ends with the test.
func (r *rig) dial() net.Conn {
	r.t.Helper()
	c, err := net.Dial("tcp", r.address())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (r *rig) write(c net.Conn, text string) {
	r.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		r.t.Fatal(err)
	}
}

// ask sends a request and reads the response's head; the body is open.
func (r *rig) ask(method, target string, fields ...string) *http.Response {
	r.t.Helper()
	return r.send(method, target, "", fields...)
}

// send is ask with a body. The fields are names and values in turn.
func (r *rig) send(method, target, body string, fields ...string) *http.Response {
	r.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, r.server.URL+target, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == "Host" {
			req.Host = fields[i+1]
			continue
		}
		req.Header.Add(fields[i], fields[i+1])
	}
	client := *r.server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Transport.(*http.Transport).DisableCompression = true
	res, err := client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// bodyOf reads a response to its end.
func bodyOf(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// readAnswer parses a raw answer.
func readAnswer(t testing.TB, raw string) *http.Response {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(raw)), nil)
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return res
}

func trustedSet(t testing.TB, entries ...string) *trust.Set {
	t.Helper()
	var list []trust.Entry
	for i, text := range entries {
		d, err := trust.ParseDomain(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, trust.Entry{ID: int64(i + 1), Domain: d})
	}
	return trust.NewSet(list)
}

func publicURLs(t testing.TB, urls ...string) []trust.Origin {
	t.Helper()
	var all []trust.Origin
	for _, u := range urls {
		o, err := trust.ParseOrigin(u)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// grants is a list of access tokens.
type grants map[token.Digest]*token.Grant

func (g grants) Grant(d token.Digest) (*token.Grant, bool) {
	grant, ok := g[d]
	return grant, ok
}

// mint makes an access token with a grant.
func (g grants) mint(t testing.TB, grant token.Grant) string {
	t.Helper()
	tok := newToken(t)
	g[tok.Digest()] = &grant
	return tok.Reveal()
}

// loopback is what tests trust as a proxy: themselves.
func loopback(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

func logger(t testing.TB, w io.Writer) *slog.Logger {
	t.Helper()
	l, err := observe.NewLogger(w, observe.Text, slog.LevelDebug)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// lockedBuffer is a log that goroutines write to and tests read.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
