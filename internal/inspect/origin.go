package inspect

import (
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// An Origin is what is known of one origin's calls. Counts are kept by the space-saving
// algorithm (Metwally, Agrawal, El Abbadi, 2005): under a flood of invented origins the
// frequent ones stay, and Hits is too high by Uncertain at most.
type Origin struct {
	Origin    string    `json:"origin"`
	LetIn     bool      `json:"let_in"`    // trusted or own; otherwise not trusted, whatever became of the call
	Hits      uint64    `json:"hits"`      // since First
	Uncertain uint64    `json:"uncertain"` // how many of Hits may be another origin's
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Reason    gate.Code `json:"reason"` // the last one
	Paths     []string  `json:"paths"`  // a few examples, of those that were not let in
}
