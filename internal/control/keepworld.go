package control

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// The kinds of records in a kept world. What belongs to a site follows it.
const (
	keptTitle   = 1 + iota // JSON: what the file is of; the first
	keptTickets            // the keys of tickets, sealed
	keptRules              // JSON: a policy, for the sites that name it by its place among them
	keptSite               // JSON
	keptEntry
	keptGrant
)

// A title says what a file is of.
type title struct {
	Database string `json:"database"` // the digest of the name of the database
	Shape    string `json:"shape"`    // of the records, as this program has them
	Revision int64  `json:"revision"`
	ChangeID string `json:"change_id"`
}

func (t *title) head() Head { return Head{t.Revision, t.ChangeID} }

// A keptPolicy is a policy with its credential as it is sealed.
type keptPolicy struct {
	Policy Policy `json:"policy"`
	Sealed []byte `json:"sealed"`
}

// A siteKept is a site and the place of its policy.
type siteKept struct {
	Site   Site `json:"site"`
	Policy int  `json:"policy"`
}

// keptShape names the fields of all that is kept: a program that has others does not
// take the zero value for what an earlier one could not know.
var keptShape = func() string {
	var b bytes.Buffer
	for _, v := range []any{keptPolicy{}, siteKept{}, trust.Entry{}, token.Grant{}, gate.ExemptPath{}} {
		describe(&b, reflect.TypeOf(v))
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:8])
}()

// describe writes the exported fields of a type of ours, and of those that it is made of.
func describe(b *bytes.Buffer, t reflect.Type) {
	fmt.Fprintln(b, t)
	if t.Kind() != reflect.Struct || t.PkgPath() == "time" {
		return
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			fmt.Fprint(b, f.Name, " ")
			describe(b, f.Type)
		}
	}
}

// writeWorld writes all that is decided by, sealed what is sealed.
func writeWorld(to io.Writer, database string, w *world) error {
	out, err := snapshot.NewFileWriter(to)
	if err != nil {
		return err
	}
	k := worldWriter{out: out, policies: make(map[*sitePolicy]int)}
	k.json(keptTitle, title{database, keptShape, w.head.Revision, w.head.ChangeID})
	if w.tickets != nil {
		k.put(keptTickets, w.tickets)
	}
	for _, state := range w.sites.all {
		k.site(state)
		if k.err != nil {
			return k.err
		}
	}
	return errors.Join(k.err, out.Close())
}

// A worldWriter writes records until the first mistake.
type worldWriter struct {
	out      *snapshot.FileWriter
	policies map[*sitePolicy]int
	scratch  []byte
	err      error
}

func (k *worldWriter) put(kind byte, content []byte) {
	if k.err == nil {
		k.err = k.out.Put(kind, content)
	}
}

func (k *worldWriter) json(kind byte, v any) {
	text, err := json.Marshal(v)
	if k.err == nil {
		k.err = err
	}
	k.put(kind, text)
}

func (k *worldWriter) site(state *siteState) {
	at, ok := k.policies[state.policy]
	if !ok {
		at = len(k.policies)
		k.policies[state.policy] = at
		k.json(keptRules, keptPolicy{state.policy.Policy, state.policy.sealed})
	}
	k.json(keptSite, siteKept{*state.site, at})
	for e := range state.list.All() {
		k.scratch = appendEntry(k.scratch[:0], e)
		k.put(keptEntry, k.scratch)
	}
	for d, g := range state.grants.all {
		k.scratch = appendGrant(k.scratch[:0], d, g)
		k.put(keptGrant, k.scratch)
	}
}

// readKeptWorld reads what writeWorld wrote. Unless the file is whole, there is none.
func readKeptWorld(from io.Reader) (title, *world, error) {
	in, err := snapshot.NewFileReader(from)
	if err != nil {
		return title{}, nil, err
	}
	k := worldReader{states: make(map[int64]*siteState)}
	for {
		kind, content, err := in.Next()
		if errors.Is(err, io.EOF) {
			w, err := k.done()
			return k.title, w, err
		}
		if err == nil {
			err = k.take(kind, content)
		}
		if err != nil {
			return title{}, nil, err
		}
	}
}

// A worldReader makes a world of records.
type worldReader struct {
	title    title
	titled   bool
	tickets  []byte
	policies []*sitePolicy
	states   map[int64]*siteState
	site     *siteState
	list     *trust.Edit // of site; nil: it has no entries yet
	grants   *grantsEdit // of site; nil: it has none yet
}

func (k *worldReader) take(kind byte, content []byte) error {
	if !k.titled {
		return k.takeTitle(kind, content)
	}
	switch kind {
	case keptTickets:
		k.tickets = bytes.Clone(content)
		return nil
	case keptRules:
		return k.takePolicy(content)
	case keptSite:
		return k.takeSite(content)
	case keptEntry:
		e, err := readEntry(content)
		if err != nil || k.site == nil {
			return errKeptRecord
		}
		if k.list == nil {
			k.list = k.site.list.Edit()
		}
		k.list.Put(e)
		return nil
	case keptGrant:
		d, g, err := readGrant(content)
		if err != nil || k.site == nil {
			return errKeptRecord
		}
		if k.grants == nil {
			edit := k.site.grants.edit()
			k.grants = &edit
		}
		k.grants.put(d, g)
		return nil
	}
	return errKeptRecord
}

func (k *worldReader) takeTitle(kind byte, content []byte) error {
	if kind != keptTitle {
		return errKeptRecord
	}
	if err := strictly(content, &k.title); err != nil {
		return err
	}
	if k.title.Shape != keptShape {
		return errOtherShape
	}
	k.titled = true
	return nil
}

func (k *worldReader) takePolicy(content []byte) error {
	var p keptPolicy
	if err := strictly(content, &p); err != nil {
		return err
	}
	k.policies = append(k.policies, &sitePolicy{p.Policy, p.Sealed})
	return nil
}

func (k *worldReader) takeSite(content []byte) error {
	var s siteKept
	if err := strictly(content, &s); err != nil {
		return err
	}
	if k.states[s.Site.ID] != nil || s.Policy < 0 || s.Policy >= len(k.policies) {
		return errKeptRecord
	}
	k.endSite()
	k.site = &siteState{site: &s.Site, policy: k.policies[s.Policy], list: nobody, grants: nothing}
	k.states[s.Site.ID] = k.site
	return nil
}

// What a site has that has nothing: the same for all of them.
var (
	nobody  = trust.NewSet(nil)
	nothing = new(grants)
)

func (k *worldReader) endSite() {
	if k.list != nil {
		k.site.list = k.list.Set()
	}
	if k.grants != nil {
		k.site.grants = k.grants.done()
	}
	k.list, k.grants = nil, nil
}

func (k *worldReader) done() (*world, error) {
	k.endSite()
	if !k.titled || k.states[DefaultSiteID] == nil {
		return nil, errKeptRecord
	}
	return &world{head: k.title.head(), whole: true, sites: newSites(k.states), tickets: k.tickets, sealed: true}, nil
}

// strictly reads JSON of which every field is known.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil || d.InputOffset() != int64(len(text)) {
		return errKeptRecord
	}
	return nil
}
