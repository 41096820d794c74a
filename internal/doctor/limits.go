package doctor

import "time"

// Limits of one examination. They are a browser's own where it has such.
const (
	MaxRequests  = 64               // requests in all, of every kind
	MaxTotal     = 60 * time.Second // for all of them together
	MaxWait      = 10 * time.Second // for one, from the look-up of the name to the end of the head
	MaxRedirects = 20               // Fetch standard, section 4.4, "HTTP-redirect fetch"
	MaxHead      = 256 << 10        // bytes of a response's head: what Chromium takes
	MaxBody      = 4 << 10          // bytes of a response's body that are read, and thrown away
	maxFolded    = 1000             // lines of a head that go on with the one before: each costs a copy of it
	maxInterim   = 8                // responses with a status of 1xx before the real one
)
