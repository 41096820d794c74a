package api

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"
	"sync"
	"time"
)

// What is remembered for Idempotency-Key.
const (
	replayFor     = 24 * time.Hour
	maxReplays    = 4096     // requests; the oldest is forgotten first
	maxReplayBody = 16 << 10 // bytes of an answer that is kept to be given again
	maxReplayKey  = 255      // bytes of an Idempotency-Key
)

// A replay is what became of a request with an Idempotency-Key.
type replay struct {
	digest [sha256.Size]byte // of the body
	at     time.Time
	done   bool
	kept   bool     // answer is whole; a secret, or what is too long, is not kept
	answer rendered // without its body where not kept
}

// replays are the requests of the last day, by key, route and Idempotency-Key.
type replays struct {
	now func() time.Time

	mu    sync.Mutex
	byKey map[string]*replay
	order []string // oldest first
}

func newReplays(now func() time.Time) *replays {
	return &replays{now: now, byKey: make(map[string]*replay)}
}

// once runs a POST, or answers as the one before with the same Idempotency-Key did.
// What was refused has changed nothing, and may be tried again.
func (a *API) once(w http.ResponseWriter, c *call, route Route) (rendered, error) {
	values := c.Header["Idempotency-Key"]
	if len(values) == 0 {
		return a.run(w, c, route)
	}
	if len(values) > 1 || !isReplayKey(values[0]) {
		return rendered{}, newProblem(http.StatusBadRequest, "idempotency-key-malformed", "Idempotency-Key cannot be read",
			"Send one, of 1 to 255 visible ASCII characters, such as a UUID.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, c.Body, maxBodyOf(route)))
	if err != nil {
		return rendered{}, err
	}
	name := c.key.ID + " " + c.URL.Path + " " + values[0]
	before, first := a.replays.begin(name, sha256.Sum256(body))
	if !first {
		return before.again(sha256.Sum256(body))
	}
	c.Body = io.NopCloser(bytes.NewReader(body))
	return a.first(w, c, route, name)
}

// first runs a request that is remembered.
func (a *API) first(w http.ResponseWriter, c *call, route Route, name string) (out rendered, err error) {
	finished := false
	defer func() {
		if !finished { // it failed or panicked
			a.replays.forget(name)
		}
	}()
	out, err = a.run(w, c, route)
	if err == nil || wasSaved(err) {
		finished = true
		a.replays.finish(name, out)
	}
	return out, err
}

// wasSaved reports whether a change was made even though it is answered by an error.
func wasSaved(err error) bool {
	p, ok := problemOf(err)
	return ok && p.Code == "saved-not-live"
}

func isReplayKey(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= maxReplayKey
}

// begin notes that a request has begun; first is false where it is remembered already.
func (l *replays) begin(name string, digest [sha256.Size]byte) (was replay, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgetOld()
	if known := l.byKey[name]; known != nil {
		return *known, false
	}
	l.byKey[name] = &replay{digest: digest, at: l.now()}
	l.order = append(l.order, name)
	return replay{}, true
}

// forgetOld makes room for one more. Those of a name that was forgotten and came
// again stand in the order twice, which only makes them go earlier.
func (l *replays) forgetOld() {
	for len(l.order) > 0 {
		oldest := l.byKey[l.order[0]]
		if oldest != nil && len(l.order) < maxReplays && l.now().Sub(oldest.at) < replayFor {
			return
		}
		delete(l.byKey, l.order[0])
		l.order = l.order[1:]
	}
}

// finish keeps an answer to be given again.
func (l *replays) finish(name string, out rendered) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.byKey[name]
	if known == nil {
		return // so many came meanwhile that it was forgotten
	}
	known.done, known.answer = true, out
	known.kept = !out.secret && len(out.body) <= maxReplayBody && out.status != 0
	if !known.kept {
		known.answer.body = nil
	}
}

func (l *replays) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.byKey, name)
}

// again answers a request that is remembered.
func (r replay) again(digest [sha256.Size]byte) (rendered, error) {
	switch {
	case r.digest != digest:
		return rendered{}, newProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "This Idempotency-Key is another request's",
			"It came with another body before. Take a new one for each request.")
	case !r.done:
		return rendered{}, newProblem(http.StatusConflict, "in-progress", "The same request is being answered",
			"Ask again in a moment.").with("Retry-After", "1")
	case !r.kept:
		return rendered{}, r.notKept()
	}
	out := r.answer
	out.header = out.header.Clone()
	out.header.Set("Idempotency-Replayed", "true")
	return out, nil
}

// notKept says that it was done, where the answer cannot be given again.
func (r replay) notKept() *problem {
	p := newProblem(http.StatusConflict, "already-done", "This was done before",
		"The same request was carried out, and its answer is not kept: a secret is shown once. "+
			"If the first answer is lost, revoke what was made (Location, if there is one, names it) and make another with a new Idempotency-Key.")
	if at := r.answer.header.Get("Location"); at != "" {
		p.with("Location", at)
	}
	return p
}
