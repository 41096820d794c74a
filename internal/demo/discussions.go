package demo

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"
)

// The limits of the sample API.
const (
	MaxDiscussions = 200 // kept; the oldest make room
	MaxNameLength  = 200 // bytes
)

// A Discussion is what the sample API is about.
type Discussion struct {
	ID        int       `json:"discussionID"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"dateInserted"`

	version    int // counts the names that it has had
	attachment []byte
}

// etag is the discussion's entity tag (RFC 9110, section 8.8.3).
func (d Discussion) etag() string { return `"` + strconv.Itoa(d.version) + `"` }

var (
	errChanged      = errors.New("the discussion is not the one of If-Match: read it again")
	errNoDiscussion = errors.New("there is no such discussion")
	errNoName       = errors.New("a discussion needs a name of at most 200 bytes")
)

// discussions are kept in memory and are gone with the process.
type discussions struct {
	mu   sync.Mutex
	now  func() time.Time
	last int
	kept []Discussion // by id
}

func newDiscussions(now func() time.Time, names ...string) *discussions {
	d := &discussions{now: now}
	for _, name := range names {
		d.kept = append(d.kept, d.make(name))
	}
	return d
}

// make gives a discussion its number. The caller has the lock, or is alone.
func (d *discussions) make(name string) Discussion {
	d.last++
	return Discussion{ID: d.last, Name: name, CreatedAt: d.now().UTC(), version: 1}
}

// list returns all, the newest first.
func (d *discussions) list() []Discussion {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := slices.Clone(d.kept)
	slices.Reverse(all)
	return all
}

func (d *discussions) get(id int) (Discussion, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, err := d.find(id)
	if err != nil {
		return Discussion{}, err
	}
	return d.kept[i], nil
}

func (d *discussions) add(name string) (Discussion, error) {
	if !validName(name) {
		return Discussion{}, errNoName
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	made := d.make(name)
	d.kept = append(d.kept, made)
	if len(d.kept) > MaxDiscussions {
		d.kept = slices.Delete(d.kept, 0, 1)
	}
	return made, nil
}

// rename gives a discussion another name, if it still is the one that ifMatch says; ""
// and "*" stand for any (RFC 9110, section 13.1.1).
func (d *discussions) rename(id int, name, ifMatch string) (Discussion, error) {
	if !validName(name) {
		return Discussion{}, errNoName
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i, err := d.find(id)
	if err != nil {
		return Discussion{}, err
	}
	if ifMatch != "" && ifMatch != "*" && ifMatch != d.kept[i].etag() {
		return Discussion{}, errChanged
	}
	d.kept[i].Name = name
	d.kept[i].version++
	return d.kept[i], nil
}

func (d *discussions) remove(id int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, err := d.find(id)
	if err == nil {
		d.kept = slices.Delete(d.kept, i, i+1)
	}
	return err
}

func (d *discussions) attach(id int, content []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, err := d.find(id)
	if err == nil {
		d.kept[i].attachment = content
	}
	return err
}

func (d *discussions) attachment(id int) ([]byte, error) {
	kept, err := d.get(id)
	if err == nil && kept.attachment == nil {
		err = errNone
	}
	return kept.attachment, err
}

// find returns where a discussion is. The caller has the lock.
func (d *discussions) find(id int) (int, error) {
	i, found := slices.BinarySearchFunc(d.kept, id, func(have Discussion, id int) int { return have.ID - id })
	if !found {
		return 0, errNoDiscussion
	}
	return i, nil
}

func validName(name string) bool { return name != "" && len(name) <= MaxNameLength }
