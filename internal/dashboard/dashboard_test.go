package dashboard_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard"
	"github.com/crossgate/crossgate/internal/seal"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
)

const (
	account  = "ada"
	password = "four ordinary words together"
)

// A house is a dashboard over a real control plane, on a free loopback port.
type house struct {
	t       *testing.T
	control *control.Service
	store   control.Store
	url     string
	log     *bytes.Buffer
	handler http.Handler
}

// unlocked is a dashboard where no setting was given at the start.
func unlocked(c *dashboard.Config) { c.Locked = nil }

func newHouse(t *testing.T, change ...func(*dashboard.Config)) *house {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	box, err := seal.New(make([]byte, seal.KeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	service, err := control.New(control.Config{Store: db, Sealer: box})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, control: service, store: db, log: new(bytes.Buffer)}
	cfg := dashboard.Config{
		Control: service, Log: slog.New(slog.NewTextHandler(h.log, nil)), Version: "1.2.3",
		Locked:   []dashboard.Locked{{Name: "Mode", Value: "observe", Given: "--mode"}},
		Stopping: func() bool { return true }, // live views end at once
	}
	for _, c := range change {
		c(&cfg)
	}
	if h.handler, err = dashboard.New(cfg); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h.handler)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// withAccount makes the account that a browser can sign in to, an owner's.
func (h *house) withAccount() *house { return h.withPerson(account, control.RoleOwner) }

// withDomains trusts entries.
func (h *house) withDomains(entries ...string) *house {
	h.t.Helper()
	who := control.Actor{Kind: "user", Name: account}
	if _, _, err := h.control.AddDomains(h.t.Context(), who, control.AddDomains{Text: entries}); err != nil {
		h.t.Fatal(err)
	}
	return h
}

// domains returns the list, as "entry" or "entry (off)", the newest first.
func (h *house) domains() string {
	h.t.Helper()
	list, _, err := h.control.Domains(h.t.Context(), control.ListQuery{})
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, d := range list {
		name := d.Domain.String()
		if !d.Enabled {
			name += " (off)"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// A browser keeps cookies, follows no redirect and sends what browsers send.
type browser struct {
	*house
	client *http.Client
	header http.Header // sent with each request, instead of what would be
}

func (h *house) newBrowser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{house: h, client: &http.Client{Jar: jar, CheckRedirect: stay}, header: http.Header{}}
}

// signedIn returns a browser that has signed in.
func (h *house) signedIn() *browser { return h.signedInAs(account) }

// An answer is what came back. Every page is checked as it arrives.
type answer struct {
	status   int
	location string
	header   http.Header
	body     string
}

func (b *browser) get(path string) answer { return b.send(http.MethodGet, path, "") }

// post sends a form of names and values.
func (b *browser) post(path string, pairs ...string) answer {
	return b.send(http.MethodPost, path, encoded(pairs))
}

func encoded(pairs []string) string {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form.Encode()
}

func (b *browser) send(method, path, body string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.url)
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	r.Host = b.header.Get("Host")
	return b.read(r)
}

func (b *browser) read(r *http.Request) answer {
	b.t.Helper()
	response, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	got := answer{response.StatusCode, response.Header.Get("Location"), response.Header, string(body)}
	if strings.HasPrefix(got.body, "<!doctype html>") {
		checkPage(b.t, got.body)
	}
	return got
}

// maxPage is the largest that a page may be, in bytes.
const maxPage = 60_000

func checkPage(t *testing.T, page string) {
	t.Helper()
	if len(page) > maxPage {
		t.Errorf("a page of %d bytes, more than %d", len(page), maxPage)
	}
	problems, err := htmlcheck.Page(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// shows fails where the answer is another one, or its page lacks something.
func (a answer) shows(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("got status %d, want %d\n%s", a.status, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page does not show %q:\n%s", text, a.body)
		}
	}
}

// leads fails where the answer does not lead to an address that begins like that.
func (a answer) leads(t *testing.T, to string) {
	t.Helper()
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, to) {
		t.Errorf("got %d to %q, want 303 to %q\n%s", a.status, a.location, to, a.body)
	}
}

func TestNewRefusesWhatIsIncomplete(t *testing.T) {
	if _, err := dashboard.New(dashboard.Config{}); err == nil {
		t.Error("a dashboard without a control plane was made")
	}
	h := newHouse(t)
	plain, _ := url.Parse("http://crossgate.example.com")
	if _, err := dashboard.New(dashboard.Config{Control: h.control, Log: slog.Default(), URL: plain}); err == nil {
		t.Error("a dashboard that people sign in to without TLS was made")
	}
}

func TestProbes(t *testing.T) {
	ready := error(nil)
	h := newHouse(t)
	handler, err := dashboard.New(dashboard.Config{
		Control: h.control, Log: slog.Default(), Now: time.Now, Ready: func() error { return ready },
	})
	if err != nil {
		t.Fatal(err)
	}
	probe := func(path string) (int, string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://10.0.0.7"+path, nil))
		return w.Code, w.Body.String()
	}
	if code, text := probe("/healthz"); code != 200 || text != "ok\n" {
		t.Errorf("/healthz: %d %q", code, text)
	}
	if code, text := probe("/readyz"); code != 200 || text != "ready\n" {
		t.Errorf("/readyz: %d %q", code, text)
	}
	ready = io.ErrUnexpectedEOF
	if code, text := probe("/readyz"); code != 503 || text != "not ready\n" {
		t.Errorf("/readyz when not ready: %d %q", code, text)
	}
}
