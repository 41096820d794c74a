package gateway

import (
	"net/http"
	"time"
)

// response is the answer as it is written: counted for the log, with at most
// MaxInformational 1xx before it, and on HTTP/2 not waiting for ever for a
// client that takes nothing. On HTTP/1.1 the connection itself sees to that.
type response struct {
	http.ResponseWriter
	status        int // 0: not yet
	bytes         int64
	informational int
	multiplexed   bool // HTTP/2
	stall         *time.Timer
}

func (w *response) WriteHeader(status int) {
	if status < http.StatusOK && status != http.StatusSwitchingProtocols {
		w.inform(status)
		return
	}
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// inform passes a 1xx on. Of its fields only Link means something there (103, RFC
// 8297); cookies and the like would come down unsettled.
func (w *response) inform(status int) {
	if w.informational++; w.informational > MaxInformational {
		return
	}
	h := w.Header()
	for name := range h {
		if name != "Link" {
			delete(h, name)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.expect()
	n, err := w.ResponseWriter.Write(b)
	w.relax()
	w.bytes += int64(n)
	return n, err
}

// FlushError sends what was written so far.
func (w *response) FlushError() error {
	w.expect()
	defer w.relax()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// expect gives the client StreamStall to take what is about to be written. A plain
// deadline would not do: on HTTP/2 it ends a stream that merely has nothing to say.
func (w *response) expect() {
	switch {
	case !w.multiplexed:
	case w.stall == nil:
		w.stall = time.AfterFunc(StreamStall, w.cut)
	default:
		w.stall.Reset(StreamStall)
	}
}

func (w *response) relax() {
	if w.stall != nil {
		w.stall.Stop()
	}
}

// cut makes the write that stalls fail.
func (w *response) cut() {
	// It fails only where there are no deadlines, and then there is no stall.
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Unix(1, 0))
}

// finish gives the client the same time for what the server still holds.
func (w *response) finish() {
	if w.multiplexed {
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(StreamStall)) // as in cut
	}
}
