// Package snapshot holds what the control plane publishes and the gateway serves
// from: one immutable value per revision, with every site of the fleet.
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
	Default  *Site     // of every host that no other site has an address at
	Sites    Sites     // the other ones
}

// A Site is one API: where it is, and its rules. Once it is in a snapshot it is not
// changed any more: a changed site is another Site with the same ID.
type Site struct {
	ID        int64
	Name      string
	Disabled  bool       // its addresses are refused like those of unknown hosts
	Addresses []Address  // none: only as Snapshot.Default. Gate has their origins as its public URLs
	Upstreams []*url.URL // any of them may be asked; at most MaxUpstreams; none: the site is not ready
	Health    HealthCheck
	Gate      *gate.Site
	Tokens    int // access tokens that Gate knows, the revoked ones included
}

// MaxUpstreams is how many upstreams a site may have.
const MaxUpstreams = 32

// A HealthCheck says how a site's upstreams are asked whether they are well, beside
// what is seen of the requests that they are sent. The zero one asks nothing.
type HealthCheck struct {
	Path     string        // below the upstream's own path, with a query or without; 2xx and 3xx are well; "": none
	Interval time.Duration // between two checks of an upstream; 0: DefaultHealthInterval
}

// DefaultHealthInterval is how often an upstream is checked where the site does not say.
const DefaultHealthInterval = 5 * time.Second

// Site returns the site with an id, or nil: it was removed.
func (s *Snapshot) Site(id int64) *Site {
	if s.Default != nil && s.Default.ID == id {
		return s.Default
	}
	return s.Sites.site(id)
}

// A Holder hands the current snapshot from control to gateway. The zero Holder
// holds none, and a gateway without a snapshot refuses.
type Holder struct{ current atomic.Pointer[Snapshot] }

// Load returns the current snapshot, or nil where none was published yet.
func (h *Holder) Load() *Snapshot { return h.current.Load() }

// Store publishes a snapshot.
func (h *Holder) Store(s *Snapshot) { h.current.Store(s) }
