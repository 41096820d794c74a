package control

import (
	"maps"

	"github.com/crossgate/crossgate/token"
)

// grants is what access tokens allow, by digest. What others decide by is not changed:
// with makes another one.
type grants struct{ table map[token.Digest]*token.Grant }

func newGrants() *grants { return &grants{make(map[token.Digest]*token.Grant)} }

// Grant returns the grant of the token with a digest.
func (g *grants) Grant(d token.Digest) (*token.Grant, bool) {
	found, ok := g.table[d]
	return found, ok
}

func (g *grants) len() int { return len(g.table) }

// all yields every grant, in no order.
func (g *grants) all(yield func(token.Digest, *token.Grant) bool) {
	for d, one := range g.table {
		if !yield(d, one) {
			return
		}
	}
}

// add puts one in while the table is being made.
func (g *grants) add(d token.Digest, one *token.Grant) { g.table[d] = one }

func (g *grants) with(d token.Digest, one *token.Grant) *grants {
	now := maps.Clone(g.table)
	now[d] = one
	return &grants{now}
}
