package gateway

import (
	"io"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// watch ends a stream whose request would no longer be carried: its origin was
// taken off the list, its token was revoked or has expired, its site was disabled, or
// removed. It returns when the exchange ends.
func (x *exchange) watch(stream io.Closer) {
	done := x.r.Context().Done()
	tick := time.NewTicker(StreamCheck)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		if !x.stillCarried() {
			_ = stream.Close() // the copy that reads from it reports the end
			return
		}
	}
}

// stillCarried judges the request again, by the snapshot of now.
func (x *exchange) stillCarried() bool {
	current := x.g.cfg.Snapshot.Load()
	if current == nil || current.Default == nil {
		return true // whoever started with a snapshot goes on with the last good one
	}
	site, code := current.Find(x.facts.Host, x.path)
	if code != "" || site.ID != x.site.ID {
		return false
	}
	facts := x.facts
	facts.Now, facts.Since = x.g.cfg.Now(), x.start
	edits := gate.Plan(site.Gate, &facts, gate.Judge(site.Gate, &facts), x.controls)
	return edits.Problem == nil
}
