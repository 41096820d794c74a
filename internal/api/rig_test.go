package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/api"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/seal"
	"github.com/crossgate/crossgate/internal/store"
)

var console = control.Actor{Kind: "command-line", Name: "anna"}

// A rig is the API over a control plane of its own. Every answer is held against the
// document.
type rig struct {
	t       *testing.T
	api     *api.API
	control *control.Service
	db      *store.DB
	cfg     api.Config
	log     *bytes.Buffer
	doc     *doc
	keys    map[control.Role]string

	mu  sync.Mutex
	now time.Time
}

func newRig(t *testing.T, change ...func(*api.Config)) *rig {
	t.Helper()
	r := &rig{t: t, log: new(bytes.Buffer), doc: readDocument(t), keys: map[control.Role]string{}, now: time.Date(2030, 5, 17, 12, 0, 0, 0, time.UTC)}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r.db, r.cfg = db, api.Config{Log: slog.New(slog.NewTextHandler(r.log, nil)), Now: r.clock}
	for _, c := range change {
		c(&r.cfg)
	}
	r.start(nil)
	for _, role := range []control.Role{control.RoleViewer, control.RoleEditor, control.RoleOwner} {
		_, r.keys[role] = r.key(role, time.Time{})
	}
	return r
}

// start makes the control plane and the API.
func (r *rig) start(sealer control.Sealer) {
	r.t.Helper()
	var err error
	if r.control, err = control.New(control.Config{Store: r.db, Now: r.clock, Sealer: sealer}); err != nil {
		r.t.Fatal(err)
	}
	r.cfg.Control = r.control
	if r.api, err = api.New(r.cfg); err != nil {
		r.t.Fatal(err)
	}
}

// seal starts anew, with a secret key of one byte.
func (r *rig) seal(key byte) {
	r.t.Helper()
	box, err := seal.New(bytes.Repeat([]byte{key}, seal.KeyBytes))
	if err != nil {
		r.t.Fatal(err)
	}
	r.start(box)
}

// in makes a subtest the one that fails.
func (r *rig) in(t *testing.T) *rig {
	whole := r.t
	t.Cleanup(func() { r.t = whole })
	r.t = t
	return r
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) forward(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// key makes a management key.
func (r *rig) key(role control.Role, expires time.Time) (id, secret string) {
	r.t.Helper()
	k, secret, err := r.control.CreateKey(r.t.Context(), console, control.CreateKey{Name: "test", Role: role, Expires: expires})
	if err != nil {
		r.t.Fatal(err)
	}
	return k.ID, secret
}

// A reply is an answer of the API.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// ask sends a request with an owner's key, and what fields add: "Name: value".
func (r *rig) ask(method, path, body string, fields ...string) reply {
	r.t.Helper()
	return r.send(r.request(method, path, body, append([]string{"Authorization: Bearer " + r.keys[control.RoleOwner]}, fields...)...))
}

func (r *rig) request(method, path, body string, fields ...string) *http.Request {
	req := httptest.NewRequest(method, "http://127.0.0.1:8081"+api.Base+path, strings.NewReader(body))
	if body == "" {
		req.Body, req.ContentLength = http.NoBody, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		req.Header.Set(name, value)
	}
	return req
}

// send answers a request, and holds request and answer against the document.
func (r *rig) send(req *http.Request) reply {
	r.t.Helper()
	sent, err := io.ReadAll(req.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Body = io.NopCloser(bytes.NewReader(sent))
	w := httptest.NewRecorder()
	r.api.ServeHTTP(w, req)
	got := reply{r.t, w.Code, w.Header(), w.Body.Bytes()}
	r.doc.hold(r.t, req, sent, got)
	if got.header.Get("Cache-Control") != "no-store" {
		r.t.Errorf("%s %s may be stored", req.Method, req.URL.Path)
	}
	for name := range got.header {
		if strings.HasPrefix(name, "Access-Control-") {
			r.t.Errorf("%s %s is answered with %s", req.Method, req.URL.Path, name)
		}
	}
	return got
}

// want checks the status, and the code where it is a problem.
func (a reply) want(status int, code ...string) reply {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("answered %d, want %d: %s", a.status, status, a.body)
	}
	if len(code) > 0 && a.text("code") != code[0] {
		a.t.Fatalf("code %q, want %q: %s", a.text("code"), code[0], a.body)
	}
	return a
}

// value returns a member of the answer, by a path such as "items.0.id".
func (a reply) value(path string) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
	for name := range strings.SplitSeq(path, ".") {
		switch of := v.(type) {
		case map[string]any:
			v = of[name]
		case []any:
			i := int(name[0] - '0')
			if i >= len(of) {
				return nil
			}
			v = of[i]
		default:
			return nil
		}
	}
	return v
}

func (a reply) text(path string) string {
	a.t.Helper()
	s, _ := a.value(path).(string)
	return s
}

func (a reply) number(path string) int {
	a.t.Helper()
	n, _ := a.value(path).(float64)
	return int(n)
}
