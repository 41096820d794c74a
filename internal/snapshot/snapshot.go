// Package snapshot holds what the control plane publishes and the gateway serves
// from: one immutable value per revision.
package snapshot

import (
	"net/url"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// A Snapshot is everything that requests are decided by, at one revision. It is
// immutable: each request loads it once and is decided from it alone.
type Snapshot struct {
	Revision int64     // the control plane's sequence number
	ChangeID string    // random, beside the revision: a node reloads when either differs
	Since    time.Time // when this node published it
	Default  *Site
}

// A Site is one API: where it is, and its rules.
type Site struct {
	ID       int64
	Name     string
	Upstream *url.URL
	Gate     *gate.Site
	Tokens   int // access tokens that Gate knows, the revoked ones included
}

// A Holder hands the current snapshot from control to gateway. The zero Holder
// holds none, and a gateway without a snapshot refuses.
type Holder struct{ current atomic.Pointer[Snapshot] }

// Load returns the current snapshot, or nil where none was published yet.
func (h *Holder) Load() *Snapshot { return h.current.Load() }

// Store publishes a snapshot.
func (h *Holder) Store(s *Snapshot) { h.current.Store(s) }
