package demo

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// Every request waits for as long as its address says, a preflight like any other, and
// the wire tells when each of them came.
func TestDelayed(t *testing.T) {
	tests := []struct {
		name   string
		query  string
		status int
		took   time.Duration
	}{
		{"none", "", 200, 0},
		{"nought", "?demo_delay=0", 200, 0},
		{"some", "?demo_call=x&demo_delay=150", 200, 150 * time.Millisecond},
		{"the most", "?demo_delay=500", 200, MaxDelay},
		{"too much", "?demo_delay=501", 400, 0},
		{"beyond all numbers", "?demo_delay=99999999999999999999", 400, 0},
		{"less than nothing", "?demo_delay=-1", 400, 0},
		{"no number", "?demo_delay=soon", 400, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var wire Wire
				far := wire.Watch(Delayed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
				start := time.Now()
				for _, method := range []string{"OPTIONS", "PATCH"} {
					if got := ask(far, method, "/"+tt.query, ""); got.Code != tt.status {
						t.Errorf("%s: %d %s, want %d", method, got.Code, got.Body, tt.status)
					}
				}
				if took := time.Since(start); took != 2*tt.took {
					t.Errorf("two requests took %v, want twice %v", took, tt.took)
				}
				if came := wire.Arrivals("x"); len(came) == 2 && (came[0].At != 0 || came[1].At != tt.took.Seconds()*1000) {
					t.Errorf("they came at %v and %v milliseconds", came[0].At, came[1].At)
				}
			})
		})
	}
}

// A request that was given up does not wait, and does not get through.
func TestDelayedIsGivenUp(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(gone, "GET", "/?demo_delay=500", nil)
	Delayed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the request got through")
	})).ServeHTTP(httptest.NewRecorder(), r)
}
