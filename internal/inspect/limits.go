package inspect

import "time"

// DefaultSite is the id of the site that is there without anybody having made one.
const DefaultSite int64 = 1

// What is remembered at most, whatever is sent.
const (
	// DefaultExchanges is how many exchanges are remembered. Half of them are kept for
	// preflights and for what was refused, observed or failed, so that ordinary traffic
	// does not wash these away.
	DefaultExchanges = 10_000

	slotBytes = 1 << 10 // of one exchange, all in all

	MaxLetInOrigins   = 4096 // origins of the default site that were let in
	MaxRefusedOrigins = 1024 // origins that were not trusted
	MaxExamplePaths   = 4    // of one of those
	maxOriginText     = 288  // bytes: the longest that the rules take is shorter
	maxExamplePath    = 160  // bytes

	maxReasons   = 96 // of an hour; there are fewer
	maxCauses    = 96 // of an hour; the others are not told apart
	maxCauseText = 64 // bytes

	// MaxSites is how many sites besides the default one are counted between two times that
	// what was counted is written down. Of those that come then, nothing is counted: see
	// Crowded.
	MaxSites = 256
	// MaxLooked is how many of these somebody may be looking at. Of the others, only what
	// is not written down yet is held, and fewer origins.
	MaxLooked = 8

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
	maxName   = 32 // of a method, a carrier
	maxSite   = 63
	maxHost   = 128
	maxPath   = 320
	maxNames  = 224 // of headers
	maxType   = 64
	maxAnswer = 384
)

// What a Recorder holds at most, all of the above together, in bytes. A test holds it to that.
const (
	// MaxBytes is for one site: 10 MB of exchanges and 9 MB of everything else.
	MaxBytes = 19 << 20
	// MaxSiteBytes is for each of MaxSites other sites.
	MaxSiteBytes = 144 << 10
	// MaxLookedBytes is for each of MaxLooked of them, besides.
	MaxLookedBytes = 4 << 20
	// MaxFleetBytes is for as many sites as there may be.
	MaxFleetBytes = MaxBytes + MaxSites*MaxSiteBytes + MaxLooked*MaxLookedBytes
)
