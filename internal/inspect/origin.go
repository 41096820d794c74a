package inspect

import (
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// An Origin is what is known of one origin's calls, preflights included. The number of
// origins is bounded, and under a flood of invented ones those that call often stay: see
// Uncertain.
type Origin struct {
	Origin    string    `json:"origin"`
	LetIn     bool      `json:"let_in"`    // trusted or own; otherwise not trusted, whatever became of the call
	Hits      uint64    `json:"hits"`      // since First: at least so many
	Uncertain uint64    `json:"uncertain"` // how many more there may have been, which were forgotten; 0 but under a flood
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Reason    gate.Code `json:"reason"` // the last one
	Paths     []string  `json:"paths"`  // a few examples, of those that were not let in
}
