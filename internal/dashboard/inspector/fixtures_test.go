package inspector

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
	"github.com/crossgate/crossgate/trust"
)

// maxPage is the largest that a page may be, in bytes.
const maxPage = 60_000

// A memory is a recorder that remembers what it is told to.
type memory struct {
	mu   sync.Mutex
	kept []inspect.Exchange // the oldest first
	read int                // how many were looked at
}

// wasRead returns how many exchanges were looked at since it was last called.
func (m *memory) wasRead() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.read
	m.read = 0
	return n
}

func (m *memory) add(exchanges ...inspect.Exchange) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = append(m.kept, exchanges...)
}

// change does something to what is kept.
func (m *memory) change(do func(kept []inspect.Exchange) []inspect.Exchange) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = do(m.kept)
}

func (m *memory) List(f inspect.Filter, before inspect.ID, limit int) []inspect.Exchange {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []inspect.Exchange
	m.read += len(m.kept)
	for _, e := range slices.Backward(m.kept) {
		if (before == 0 || e.ID < before) && f.Matches(&e) && len(list) < limit {
			list = append(list, e)
		}
	}
	return list
}

func (m *memory) Since(after inspect.ID, wanted func(*inspect.Exchange) bool, limit int) []inspect.Exchange {
	m.mu.Lock()
	kept := slices.Clone(m.kept)
	m.mu.Unlock()
	var list []inspect.Exchange
	read := 0
	for _, e := range slices.Backward(kept) {
		if e.ID <= after || len(list) == limit {
			break
		}
		read++
		if wanted(&e) {
			list = append(list, e)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read += read
	return list
}

func (m *memory) Get(id inspect.ID) (inspect.Exchange, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.kept {
		if e.ID == id {
			return e, true
		}
	}
	return inspect.Exchange{}, false
}

func (m *memory) Last() inspect.ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) == 0 {
		return 1
	}
	return m.kept[len(m.kept)-1].ID
}

// A desk is a control plane with one Trusted Domain, whose id is 7, and one session.
type desk struct {
	mu    sync.Mutex
	ended bool // the session has ended
}

const session = "s1"

func (d *desk) endSession() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
}

func (*desk) Domain(_ context.Context, id int64) (control.Domain, error) {
	if id != 7 {
		return control.Domain{}, &control.Error{Code: control.CodeNotFound}
	}
	d, err := trust.ParseDomain("app.example.com")
	return control.Domain{ID: id, Domain: d}, err
}

func (*desk) Check(_ context.Context, origin string) (control.CheckResult, error) {
	if origin == "https://now.example.com" {
		return control.CheckResult{Origin: origin, Allowed: true, Reason: "trusted"}, nil
	}
	return control.CheckResult{Origin: origin, Reason: "origin-not-trusted", Nearest: "app.example.com"}, nil
}

func (d *desk) Sessions(context.Context, string) ([]control.SessionInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		return nil, nil
	}
	return []control.SessionInfo{{ID: session}}, nil
}

// Session makes the desk the shell's sessions, too.
func (*desk) Session(context.Context, string) (control.Session, error) {
	return control.Session{ID: session, Account: control.Account{Name: "ada", Role: control.RoleViewer}}, nil
}

// worst are exchanges full of the worst that anybody could have sent: as many as there
// are kinds of them, and more than fit on a page.
func worst(text string) *memory {
	m := &memory{}
	at := time.Unix(1_800_000_000, 0)
	outcomes := []inspect.Outcome{inspect.Allowed, inspect.Refused, inspect.Observed, inspect.Failed, ""}
	verdicts := []inspect.Verdict{inspect.VerdictTrusted, inspect.VerdictRefused, inspect.VerdictObserved, inspect.VerdictExempt, inspect.VerdictNoOrigin, inspect.VerdictOwn, inspect.VerdictNone}
	carriers := []inspect.Carrier{inspect.Ordinary, inspect.Query, inspect.Form, inspect.Multipart, inspect.Text, "new"}
	for i := range 36 {
		e := inspect.Exchange{
			ID: inspect.ID(100 + i), Time: at.Add(time.Duration(i) * time.Second), Duration: time.Duration(i) * 17 * time.Millisecond,
			Method: shell.Cut(text, 32), Effective: shell.Cut(text, 32), Scheme: "https", Host: shell.Cut(text, 128), Path: "/" + shell.Cut(text, 318), Query: i%2 == 0,
			Origin: shell.Cut(text, 288), Outcome: outcomes[i%len(outcomes)], Verdict: verdicts[i%len(verdicts)], Carrier: carriers[i%len(carriers)],
			Reason: gate.Code(shell.Cut(text, 40)), DomainID: int64(i % 9), Token: shell.Cut(text, 40), Status: 200 * (i % 3),
			ContentType: shell.Cut(text, 64), Cookie: i%2 == 0, FetchMode: "cors",
			Headers: []string{shell.Cut(text, 100), "authorization", "content-type", "accept", "range"},
			Answer:  []inspect.Field{{Name: "Access-Control-Allow-Origin", Value: shell.Cut(text, 300)}, {Name: shell.Cut(text, 50), Value: text[:min(len(text), 50)]}},
		}
		if i%4 == 0 {
			e.Preflight, e.Joined, e.Carrier = true, e.ID+1, inspect.Ordinary
			e.Requested = inspect.Intended{Method: shell.Cut(text, 32), Headers: []string{shell.Cut(text, 200), "x-a", "x-b", "x-c", "content-type"}}
		}
		if i%4 == 1 {
			e.Joined, e.Carrier = e.ID-1, inspect.Ordinary
		}
		m.add(e)
	}
	return m
}

func TestWorstFixtures(t *testing.T) {
	for name, text := range map[string]string{
		"script":  strings.Repeat(`"><script>alert(1)</script>`, 400),
		"quotes":  strings.Repeat("'\"`$(x)\\", 400),
		"turned":  strings.Repeat("app\u202emoc.live", 1000),
		"control": strings.Repeat("\x1b[201~\r\n\x00", 400),
		"long":    strings.Repeat("ü", 10_000),
		"percent": strings.Repeat("%zz", 1000),
		"empty":   "",
	} {
		m := worst(text)
		query := url.Values{}
		for _, field := range []string{"outcome", "method", "reason", "preflight", "origin", "path"} {
			query.Set(field, shell.Cut(text, 200))
		}
		paths := []string{Path, Path + "?" + query.Encode(), Path + "?before=2s&outcome=refused"}
		for _, e := range m.kept {
			paths = append(paths, Path+"/"+e.ID.String()+"?"+query.Encode())
		}
		for _, path := range paths {
			t.Run(name+" "+path[:min(len(path), 20)], func(t *testing.T) {
				checkWorst(t, newTestMux(t, m, &desk{}), path)
			})
		}
	}
}

func checkWorst(t *testing.T, mux http.Handler, path string) {
	t.Helper()
	w := get(mux, path)
	if w.Code != http.StatusOK || w.Body.Len() > maxPage {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
	body := w.Body.String()
	if strings.Contains(body, "<script>") || strings.ContainsAny(textOnly(body), "\u202e\x1b\x00") {
		t.Error("what was sent became markup, or turns the text")
	}
	problems, err := htmlcheck.Page(bytes.NewReader(w.Body.Bytes()))
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// get asks as somebody who is signed in.
func get(mux http.Handler, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
	r.AddCookie(&http.Cookie{Name: guard.CookieName, Value: "x"})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w
}

// textOnly leaves out tags: the value of a field turns no text around it.
func textOnly(page string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(page, "<") {
		_, text, _ := strings.Cut(part, ">")
		b.WriteString(text)
	}
	return b.String()
}

func newTestMux(t *testing.T, m Recorder, d *desk) *shell.Mux {
	t.Helper()
	return newTestMuxOf(t, m, d, func(*Site) {})
}

// newTestMuxOf is newTestMux for a site that is changed.
func newTestMuxOf(t *testing.T, m Recorder, d *desk, change func(*Site)) *shell.Mux {
	t.Helper()
	g, err := guard.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shell.New(shell.Config{
		Guard: g, Sessions: d, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Styles: []shell.Style{Style()}, Scripts: []shell.Script{Script()},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Shell: s, Site: func(control.Place) Site {
		site := Site{
			Recorder: m, Control: d, API: func(context.Context) string { return "http://localhost:8080" },
			MayWatch: func(context.Context, shell.Visitor) bool { return true },
		}
		change(&site)
		return site
	}})
	if err != nil {
		t.Fatal(err)
	}
	mux := s.Mux()
	p.Register(mux)
	return mux
}

// A page of 10,000 exchanges is as large as one of 20.
func TestManyExchanges(t *testing.T) {
	m := &memory{}
	for i := range 10_000 {
		m.add(inspect.Exchange{ID: inspect.ID(i + 1), Time: time.Unix(int64(i), 0), Method: "GET", Effective: "GET", Path: fmt.Sprintf("/items/%d", i), Outcome: inspect.Allowed, Verdict: inspect.VerdictTrusted, Origin: "https://app.example.com", Status: 200})
	}
	w := get(newTestMux(t, m, &desk{}), Path+"?path=/items/17&method=GET")
	if w.Code != http.StatusOK || w.Body.Len() > maxPage || strings.Count(w.Body.String(), `<tr id="x-`) != pageSize {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
}
