package control

import (
	"net/netip"
	"sync"
	"time"
)

// How guessing is slowed down: a few attempts are free, then each one that fails
// doubles the wait, up to a most. Both are short, because somebody else's guesses
// must not lock an account's owner out, nor all who share a proxy's address.
const (
	freeAttempts    = 5
	firstDelay      = time.Second
	maxAccountDelay = 30 * time.Second
	maxAddressDelay = time.Minute
	attemptsForgot  = time.Hour // after the last attempt
	maxAttemptKeys  = 10_000    // names or addresses that are remembered
)

// attempts counts attempts by key, in bounded memory.
type attempts struct {
	most time.Duration

	mu    sync.Mutex
	byKey map[string]attempt
}

type attempt struct {
	count int
	next  time.Time // not before then
}

func newAttempts(most time.Duration) *attempts {
	return &attempts{most: most, byKey: make(map[string]attempt)}
}

// begin counts an attempt, or returns how long to wait before the next one. It
// counts before the outcome is known, so that many at once do not count as one.
func (a *attempts) begin(key string, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := a.byKey[key]
	if now.Before(at.next) {
		return at.next.Sub(now)
	}
	if now.Sub(at.next) > attemptsForgot {
		at.count = 0
	}
	at.count++
	at.next = now.Add(a.delay(at.count))
	a.makeRoom(now)
	a.byKey[key] = at
	return 0
}

// wait returns how long to wait before the next attempt, and counts none.
func (a *attempts) wait(key string, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return max(0, a.byKey[key].next.Sub(now))
}

// delay is how long to wait after so many attempts.
func (a *attempts) delay(count int) time.Duration {
	if count <= freeAttempts {
		return 0
	}
	doublings := min(count-freeAttempts-1, 20)
	return min(firstDelay<<doublings, a.most)
}

// makeRoom forgets what is old, or else the one that may try again soonest.
func (a *attempts) makeRoom(now time.Time) {
	if len(a.byKey) < maxAttemptKeys {
		return
	}
	soonest := ""
	for key, at := range a.byKey {
		if now.Sub(at.next) > attemptsForgot {
			delete(a.byKey, key)
		} else if soonest == "" || at.next.Before(a.byKey[soonest].next) {
			soonest = key
		}
	}
	if len(a.byKey) >= maxAttemptKeys {
		delete(a.byKey, soonest)
	}
}

// takeBack uncounts an attempt that succeeded.
func (a *attempts) takeBack(key string, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if at, ok := a.byKey[key]; ok && at.count > 0 {
		at.count--
		at.next = now
		a.byKey[key] = at
	}
}

// forget forgets all attempts of a key.
func (a *attempts) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.byKey, key)
}

// addressKey is what a remote address is counted as: an IPv6 network of 64 bits
// is one visitor's.
func addressKey(address string) string {
	if ap, err := netip.ParseAddrPort(address); err == nil {
		address = ap.Addr().String()
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if network, err := ip.Prefix(64); err == nil {
			return network.String()
		}
	}
	return ip.String()
}
