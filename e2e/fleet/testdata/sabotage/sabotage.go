// Package sabotage is part of no program that anybody runs: the tests of fleets build one
// with it that breaks a promise on purpose, to see that they would notice.
package sabotage

import (
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/trust"
)

var what = os.Getenv("BROKEN")

// On reports whether this is what is to be broken.
func On(name string) bool { return what == name }

var turns atomic.Int64

// Sometimes is true every eighth time.
func Sometimes() bool { return turns.Add(1)%8 == 0 }

// half is the list with half of what was last read of it.
var half atomic.Pointer[trust.Set]

// With changes a list, and keeps it with half of the change.
func With(list *trust.Set, put []trust.Entry, gone []trust.Domain) *trust.Set {
	if On("half") {
		half.Store(list.With(put[:len(put)/2], gone[:len(gone)/2]))
	}
	return list.With(put, gone)
}

// Publish publishes half of a change first, or what was published before once more.
func Publish(to *snapshot.Holder, next *snapshot.Snapshot) {
	const while = 40 * time.Millisecond
	before := to.Load()
	if list := half.Swap(nil); list != nil && On("half") {
		site, torn := *next.Default, *next
		site.Gate, torn.Default = next.Default.Gate.Halved(list), &site
		to.Store(&torn)
		time.Sleep(while)
	}
	to.Store(next)
	if before != nil && On("older") {
		go func() {
			time.Sleep(while)
			to.Store(before)
			time.Sleep(while)
			to.Store(next)
		}()
	}
}

// Open lets a stranger in.
func Open() *snapshot.Snapshot {
	stranger, err := trust.ParseDomain("stranger.example")
	if err != nil {
		panic(err)
	}
	return &snapshot.Snapshot{Default: &snapshot.Site{
		ID: 1, Name: "default", Upstreams: []*url.URL{{Scheme: "http", Host: "127.0.0.1:1", Path: "/"}},
		Gate: gate.NewSite(gate.SiteConfig{
			Name: "default", Trusted: trust.NewSet([]trust.Entry{{ID: 1, Domain: stranger}}),
			Policy: gate.Policy{Mode: gate.Enforce, Methods: []string{"GET"}, AnyHeader: true},
		}),
	}}
}
