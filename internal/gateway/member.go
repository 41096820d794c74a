package gateway

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// A member of a pool is an upstream, and how it has been of late. All sites that name the
// same address share it. Its methods may be called by many requests at once.
//
// It is out of use while checks say that it is down, and for some time after it could
// not be connected to, or failed several requests in a row: longer each time, until
// it answers one well.
type member struct {
	url  *url.URL
	busy atomic.Int64 // requests that it has not answered to the end

	down  atomic.Bool  // say the checks
	until atomic.Int64 // out of use until then, in Unix nanoseconds, and afterwards on trial; 0: neither
	trial atomic.Int64 // when the next trial may begin, likewise
	faint atomic.Int32 // failures in a row that may have been the requests'

	mu        sync.Mutex // of what follows
	ejections int        // in a row
	badChecks int        // in a row
}

// isWell reports whether requests should go there.
func (u *member) isWell(now time.Time) bool {
	if u.down.Load() {
		return false
	}
	until := u.until.Load()
	return until == 0 || (now.UnixNano() >= until && now.UnixNano() >= u.trial.Load())
}

// admit lets a request through, of those to an upstream on trial one in TrialEvery.
func (u *member) admit(now time.Time) bool {
	if u.until.Load() == 0 {
		return true
	}
	next := u.trial.Load()
	return now.UnixNano() >= next && u.trial.CompareAndSwap(next, now.Add(TrialEvery).UnixNano())
}

// answered notes that a request was answered with a status, and reports whether that
// changes anything.
func (u *member) answered(status int, now time.Time) (changed bool) {
	switch status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return u.failed(now)
	}
	if u.faint.Load() != 0 {
		u.faint.Store(0)
	}
	return u.until.Load() != 0 && u.heal()
}

// heal puts the upstream into use again, whatever was seen before.
func (u *member) heal() (changed bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ejections = 0
	u.faint.Store(0)
	return u.until.Swap(0) != 0
}

// failed notes a failure that may have been the request's fault: only several in a
// row tell.
func (u *member) failed(now time.Time) (changed bool) {
	return u.faint.Add(1) >= FaintFailures && u.eject(now)
}

// eject puts the upstream out of use for a time. Requests that were under way when it
// was are part of the same trouble, and make it no longer.
func (u *member) eject(now time.Time) (changed bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now.UnixNano() < u.until.Load() {
		return false
	}
	pause := min(EjectFirst<<min(u.ejections, 10), EjectMost)
	pause += rand.N(pause / 10) // so that nodes do not come back together
	u.ejections++
	u.faint.Store(0)
	u.trial.Store(0)
	return u.until.Swap(now.Add(pause).UnixNano()) == 0
}

// checked notes the outcome of a check, and reports whether that changes anything.
func (u *member) checked(well bool) (changed bool) {
	if well {
		healed := u.until.Load() != 0 && u.heal()
		u.mu.Lock()
		defer u.mu.Unlock()
		u.badChecks = 0
		return u.down.Swap(false) || healed
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.badChecks++
	return u.badChecks >= BadChecks && !u.down.Swap(true)
}

// unchecked forgets what checks said: there are none any more.
func (u *member) unchecked() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.badChecks = 0
	u.down.Store(false)
}
