package inspect

import (
	"hash/maphash"
	"math/bits"
)

// joins finds the request behind a preflight: the next one of the same origin, method
// and path within [JoinWindow]. It is a table that forgets: a preflight whose place
// another one takes goes without its request. It belongs to the settler.
type joins struct {
	seed  maphash.Seed
	cells [joinCells]joinCell
}

type joinCell struct {
	hash      uint64
	at        int64 // Unix time in nanoseconds
	preflight place
}

// siteFactor spreads the ids of sites over all bits: it is odd, and that of Fibonacci hashing.
const siteFactor = 0x9e3779b97f4a7c15

// hash stands for what a preflight and its request have in common. It is never 0.
func (j *joins) hash(site int64, origin, method, path string) uint64 {
	h := maphash.String(j.seed, origin) ^ uint64(site)*siteFactor
	h = bits.RotateLeft64(h, 21) ^ maphash.String(j.seed, method)
	return max(bits.RotateLeft64(h, 21)^maphash.String(j.seed, path), 1)
}

// await remembers a preflight that was granted.
func (j *joins) await(hash uint64, at int64, preflight place) {
	c := &j.cells[hash%joinCells]
	c.hash, c.at, c.preflight = hash, at, preflight
}

// take returns the preflight that a request was waited for by, once.
func (j *joins) take(hash uint64, at int64) (preflight place, ok bool) {
	c := &j.cells[hash%joinCells]
	if c.preflight.id == 0 || c.hash != hash {
		return place{}, false
	}
	preflight = c.preflight
	c.preflight = place{}
	return preflight, at-c.at <= int64(JoinWindow)
}
