package control

import (
	"sync"

	"github.com/crossgate/crossgate/trust"
)

// A list is the Trusted Domains list at one head, made for matching.
type list struct {
	head Head
	set  *trust.Set
}

// A listCache keeps the last list that was read: many questions, and every paste,
// are asked of the same one.
type listCache struct {
	mu   sync.Mutex
	last *list
}

// load returns the list as a transaction sees it.
func (c *listCache) load(r Reader) (*list, error) {
	head, err := r.Head()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil && c.last.head == head {
		return c.last, nil
	}
	entries, err := r.Entries(DefaultSiteID)
	if err != nil {
		return nil, err
	}
	c.last = &list{head: head, set: trust.NewSet(entries)}
	return c.last, nil
}
