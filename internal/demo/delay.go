package demo

import (
	"net/http"
	"strconv"
	"time"
)

// delayKey is the query key by which a page says how far away the gateway is to be for
// one call: the delay of each of its requests, in milliseconds. A browser's preflight
// has the address of its call, and so the same delay.
const delayKey = "demo_delay"

// MaxDelay is the longest delay that a page may ask for.
const MaxDelay = 500 * time.Millisecond

// Delayed returns h, as far away as each request says: a request waits for one round
// trip before h sees it. That is all that is imitated of a network; connections cost
// nothing to open, and bodies come at once.
func Delayed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		roundTrip, ok := delayOf(r)
		if !ok {
			http.Error(w, delayKey+" is a number of milliseconds from 0 to "+strconv.FormatInt(MaxDelay.Milliseconds(), 10), http.StatusBadRequest)
			return
		}
		if roundTrip > 0 {
			timer := time.NewTimer(roundTrip)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-r.Context().Done(): // nobody waits any more
				return
			}
		}
		h.ServeHTTP(w, r)
	})
}

// delayOf reads the delay that a request asks for; none is 0.
func delayOf(r *http.Request) (time.Duration, bool) {
	text := r.URL.Query().Get(delayKey)
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	d := time.Duration(n) * time.Millisecond
	return d, err == nil && d <= MaxDelay
}
