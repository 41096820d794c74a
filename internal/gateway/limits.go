package gateway

import "time"

// The limits on requests.
const (
	// MaxFields and MaxFieldBytes bound the head of a request. A field counts its
	// name, its value and four bytes of punctuation.
	MaxFields     = 128
	MaxFieldBytes = 32 << 10
	// MaxMethodBytes is the length of the longest method that is passed on.
	MaxMethodBytes = 32
	// DefaultMaxBodyBytes is the longest request body.
	DefaultMaxBodyBytes = 1 << 30
	// ChunkedBufferBytes is how much of a chunked body is gathered: one that ends
	// within goes up with a Content-Length.
	ChunkedBufferBytes = 64 << 10
	// BodyIdle is how long a client may send nothing of a body that it owes.
	BodyIdle = 30 * time.Second
	// BodyGrace and BodyRate, in bytes a second, are the slowest that a body may
	// come: it may be waited for as long as BodyGrace and its bytes at BodyRate allow.
	BodyGrace = 30 * time.Second
	BodyRate  = 512
	// BodyDiscard is how long a client may take to send the rest of a body that
	// nobody wants any more, and BodyDiscardBytes how much of one is worth reading to
	// keep its connection.
	BodyDiscard      = 5 * time.Second
	BodyDiscardBytes = 64 << 10
	// StreamStall is how long an HTTP/2 client may leave a stream's window shut.
	StreamStall = 60 * time.Second
)

// The limits on the upstream.
const (
	// DefaultUpstreamTimeout is how long the upstream may take for the head of a
	// response, counted from the end of the request.
	DefaultUpstreamTimeout = 60 * time.Second
	// UpstreamDialTimeout is how long a connection to it may take, TLS not included,
	// which may take as long again.
	UpstreamDialTimeout = 10 * time.Second
	// UpstreamDialAmong is the same where the site has other upstreams: long enough for
	// a packet to be lost and sent again.
	UpstreamDialAmong = 3 * time.Second
	// UpstreamWriteStall is how long it may take nothing of what is written, or half as long.
	UpstreamWriteStall = 60 * time.Second
	// UpstreamIdle is how long an unused connection is kept, and UpstreamIdleConns how many.
	UpstreamIdle      = 60 * time.Second
	UpstreamIdleConns = 1024
	// ContinueTimeout is how long a client's Expect: 100-continue waits for the upstream.
	ContinueTimeout = time.Second
	// MaxResponseHeadBytes is the longest head of a response.
	MaxResponseHeadBytes = 64 << 10
	// MaxInformational is how many 1xx responses are passed on for one request.
	MaxInformational = 8
	// MaxHops is how many redirects of an unwrapped request are followed here, and
	// RedirectBodyBytes how much of a redirect's body is read to keep its connection.
	MaxHops           = 5
	RedirectBodyBytes = 8 << 10
	// CopyBufferBytes is the size of the pooled buffers that bodies go through.
	CopyBufferBytes = 32 << 10
)

// How several upstreams of a site share its requests.
const (
	// MaxRetries is how often a request goes to another upstream.
	MaxRetries = 2
	// RetryShare is how many requests pay for one that is sent again after something of
	// it was sent before. RetryReserve is how many of those there may be at the start,
	// and RetryMost at once.
	RetryShare   = 5
	RetryReserve = 10
	RetryMost    = 100
	// FaintFailures is how many requests in a row an upstream must fail before it is put
	// out of use, where they and not it may be to blame: it broke off, took too long, or
	// answered 502, 503 or 504. One that cannot be connected to is so at once.
	FaintFailures = 5
	// EjectFirst is how long it is out of use the first time; from then on twice as long
	// each time, up to EjectMost. Then it is on trial: it gets a request in TrialEvery
	// until one is answered.
	EjectFirst = time.Second
	EjectMost  = 30 * time.Second
	TrialEvery = 5 * time.Second
)

// How upstreams are checked.
const (
	// MinHealthInterval is the shortest time between two checks.
	MinHealthInterval = time.Second
	// HealthTimeout is how long an upstream may take for one.
	HealthTimeout = 2 * time.Second
	// BadChecks is how many in a row must fail before an upstream is down. One that
	// succeeds is enough for it to be up again.
	BadChecks = 2
	// HealthAtOnce is how many checks are under way at a time.
	HealthAtOnce = 64
	// HealthBodyBytes is how much of an answer's body is read to keep its connection.
	HealthBodyBytes = 8 << 10
	// healthTick is how often it is looked which checks are due, and healthReload how
	// often whether there are others.
	healthTick   = 100 * time.Millisecond
	healthReload = time.Second
)

// StreamCheck is how often an open WebSocket or event stream is judged again, so
// that it ends soon after its origin or its token has lost its rights.
const StreamCheck = 500 * time.Millisecond
