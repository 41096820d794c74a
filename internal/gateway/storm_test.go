package gateway

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/testkit/upstream"
)

// Thousands of requests at once, of which one in four meets a fault: none of an unsafe
// method arrives twice, none arrives cut, and each answer is that of its own request.
func TestStorm(t *testing.T) {
	const workers, each = 16, 200
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	faults := []fault{hangsUp, resets, breaksOff, garbage, unwell}
	f, at := newFlock(t, 4, func(id string) fault {
		h := fnv.New64a()
		_, _ = fmt.Fprint(h, seed, id)
		if n := h.Sum64(); n%4 == 0 {
			return faults[n/4%uint64(len(faults))]
		}
		return answers
	})
	at = append(at, upstream.Closed(t))
	now := new(movingClock)
	r := newRig(t, rigConfig{upstream: at[0], others: at[1:], config: func(c *Config) { c.Access, c.Now = nil, now.Now }})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
	defer client.CloseIdleConnections()
	methods := []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"}
	var good, bad atomic.Int32
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)))
			for i := range each {
				now.forward(time.Duration(random.IntN(20)) * time.Millisecond) // what is out of use comes back
				id, method, body := fmt.Sprintf("%d-%d", w, i), methods[random.IntN(len(methods))], ""
				if method != "GET" && method != "HEAD" && random.IntN(2) == 0 {
					body = strings.Repeat(id+";", 1+random.IntN(3000))
				}
				req, err := http.NewRequestWithContext(t.Context(), method, r.server.URL, strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("X-Id", id)
				res, err := client.Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				got := bodyOf(t, res)
				_ = res.Body.Close()
				if res.StatusCode != 200 {
					bad.Add(1)
				} else if good.Add(1); method != "HEAD" && got != id+" "+body {
					t.Errorf("%s %s has the answer of another", method, id)
				}
				arrived := f.of(id)
				if safe := method == "GET" || method == "HEAD"; !safe && len(arrived) > 1 {
					t.Errorf("%s %s arrived %d times", method, id, len(arrived))
				}
				for _, a := range arrived {
					if a != body && a != "-" {
						t.Errorf("%s %s arrived with another body", method, id)
					}
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d were answered, %d failed, %d arrived", good.Load(), bad.Load(), f.total())
	if good.Load() < workers*each/2 {
		t.Error("most requests failed")
	}
}

// A movingClock goes forward when it is told to.
type movingClock struct{ ahead atomic.Int64 }

func (c *movingClock) Now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *movingClock) forward(d time.Duration) { c.ahead.Add(int64(d)) }
