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

// StreamCheck is how often an open WebSocket or event stream is judged again, so
// that it ends soon after its origin or its token has lost its rights.
const StreamCheck = 500 * time.Millisecond
