package gateway

import (
	"io"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

const (
	largeBody = 200 << 20 // bytes
	// largeHeap is how much the heap may grow meanwhile: buffers, not bodies.
	largeHeap = 16 << 20
)

// zeros is a body of n bytes.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Bodies of any size go through in constant memory, up, down, and without a length
// known beforehand.
func TestLargeBodiesInConstantMemory(t *testing.T) {
	var received atomic.Int64
	r := newRig(t, rigConfig{answer: func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			n, _ := io.Copy(io.Discard, r.Body)
			received.Store(n)
			return
		}
		_, _ = io.Copy(w, zeros(largeBody))
	}})
	for _, tt := range []struct {
		name   string
		method string
		length int64
	}{
		{"down", "GET", 0},
		{"up", "POST", largeBody},
		{"up in chunks", "POST", -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequest(tt.method, r.server.URL+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			if tt.method == http.MethodPost {
				req.Body, req.ContentLength = io.NopCloser(zeros(largeBody)), tt.length
			}
			received.Store(0)
			peak := watchHeap(t)
			res, err := r.server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			n, err := io.Copy(io.Discard, res.Body)
			if err != nil || n+received.Load() < largeBody {
				t.Errorf("%d bytes down, %d up: %v", n, received.Load(), err)
			}
			if grown := peak(); grown > largeHeap {
				t.Errorf("the heap grew by %d MiB", grown>>20)
			}
		})
	}
}

// watchHeap measures the live heap until the returned function is called, which
// returns by how many bytes it grew at most.
func watchHeap(t *testing.T) func() int64 {
	t.Helper()
	live := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := live()
	done, peak := make(chan struct{}), make(chan int64)
	go func() {
		most := int64(0)
		for {
			select {
			case <-done:
				peak <- max(most, live()-before)
				return
			case <-time.After(20 * time.Millisecond):
				most = max(most, live()-before)
			}
		}
	}()
	return func() int64 {
		close(done)
		return <-peak
	}
}
