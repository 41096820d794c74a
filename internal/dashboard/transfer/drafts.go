package transfer

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/portable"
)

// How many drafts are kept, and for how long.
const (
	maxDrafts = 20
	draftLife = 30 * time.Minute
)

// A draft is a list that was read and is not saved yet.
type draft struct {
	ID      string
	Of      owner
	Kind    portable.Kind
	Entries []portable.Entry
	Notes   []portable.Note
	at      time.Time
}

// An owner is who may see and save a draft, and at which site.
type owner struct {
	Account string
	Site    int64
}

func (p *Page) owner(who shell.Visitor) owner { return owner{who.Name, p.place.ID} }

// drafts are kept in memory, the newest last. Whoever restarts Crossgate meanwhile
// chooses the file again.
type drafts struct {
	now  func() time.Time
	mu   sync.Mutex
	kept []draft
}

func newDrafts(now func() time.Time) *drafts { return &drafts{now: now} }

// keep keeps a draft and returns its id. The oldest goes where there are too many.
func (d *drafts) keep(one draft) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tidy()
	if len(d.kept) == maxDrafts {
		d.kept = slices.Delete(d.kept, 0, 1)
	}
	one.ID, one.at = rand.Text(), d.now()
	d.kept = append(d.kept, one)
	return one.ID
}

// of returns a draft of an owner.
func (d *drafts) of(who owner, id string) (draft, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tidy()
	i := slices.IndexFunc(d.kept, func(one draft) bool { return one.ID == id && one.Of == who })
	if i < 0 {
		return draft{}, false
	}
	return d.kept[i], true
}

// replace puts another entry in the place of one, as a preview suggests it.
func (d *drafts) replace(who owner, id, entry, other string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, one := range d.kept {
		if one.ID == id && one.Of == who {
			d.kept[i].Entries = slices.Clone(one.Entries) // others may be reading these
			for j := range d.kept[i].Entries {
				if d.kept[i].Entries[j].Domain == entry {
					d.kept[i].Entries[j].Domain = other
				}
			}
		}
	}
}

// drop forgets a draft.
func (d *drafts) drop(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = slices.DeleteFunc(d.kept, func(one draft) bool { return one.ID == id })
}

// tidy forgets the drafts that have been kept for too long.
func (d *drafts) tidy() {
	d.kept = slices.DeleteFunc(d.kept, func(one draft) bool { return d.now().Sub(one.at) >= draftLife })
}
