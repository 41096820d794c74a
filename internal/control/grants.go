package control

import (
	"github.com/crossgate/crossgate/internal/cow"
	"github.com/crossgate/crossgate/token"
)

// grants is what access tokens allow, by digest. It is immutable: an edit makes another
// one, and copies little, however many there are.
type grants struct {
	table cow.Map[token.Digest, token.Grant]
}

// Grant returns the grant of the token with a digest.
func (g *grants) Grant(d token.Digest) (*token.Grant, bool) {
	found := g.table.At(d)
	return found, found != nil
}

func (g *grants) len() int { return g.table.Len() }

// all yields every grant, in no order; nobody changes them.
func (g *grants) all(yield func(token.Digest, *token.Grant) bool) { g.table.AllAt()(yield) }

// edit begins to make other grants from these.
func (g *grants) edit() grantsEdit { return grantsEdit{g.table.Edit()} }

// A grantsEdit makes grants.
type grantsEdit struct {
	table cow.MapEdit[token.Digest, token.Grant]
}

func (e grantsEdit) put(d token.Digest, one *token.Grant) { e.table.Put(d, *one) }

func (e grantsEdit) done() *grants { return &grants{e.table.Map()} }
