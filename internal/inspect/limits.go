package inspect

import "time"

// What is remembered at most, whatever is sent.
const (
	// DefaultExchanges is how many exchanges are remembered. Half of them are kept for
	// preflights and for what was refused, observed or failed, so that ordinary traffic
	// does not wash these away.
	DefaultExchanges = 10_000

	slotBytes = 1 << 10 // of one exchange, all in all

	MaxLetInOrigins   = 4096 // origins that were let in
	MaxRefusedOrigins = 1024 // origins that were not trusted
	MaxExamplePaths   = 4    // of one of those
	maxOriginText     = 288  // bytes: the longest that the rules take is shorter
	maxExamplePath    = 160  // bytes

	maxReasons   = 96 // of an hour; there are fewer
	maxCauses    = 96 // of an hour; the others are not told apart
	maxCauseText = 64 // bytes

	MaxSubscribers  = 64
	subscriberQueue = 64 // exchanges that one of them may be behind

	joinCells = 1024 // preflights that may be waiting for their request
	maxLanes  = 16   // requests that can be recorded at the same moment
	laneSlots = 16   // exchanges in each of them that were not settled yet
)

// JoinWindow is how long after a preflight the request behind it is looked for.
const JoinWindow = 10 * time.Second

// MaxListed is how many exchanges one call of List returns at most.
const MaxListed = 1000

// What the longest texts of an exchange have for themselves, in bytes. All of them
// together have textBytes.
const (
	maxName   = 32 // of a method, a site, a carrier
	maxHost   = 128
	maxPath   = 320
	maxNames  = 224 // of headers
	maxType   = 64
	maxAnswer = 384
)

// MaxBytes is what a Recorder holds at most, all of the above together: 10 MB of
// exchanges and 9 MB of everything else. A test holds it to that.
const MaxBytes = 19 << 20
