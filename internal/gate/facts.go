package gate

import (
	"time"

	"github.com/crossgate/crossgate/trust"
)

// Facts are what the rules look at, of one request. The strings are the bytes as
// they came; they are looked at during the call and not kept.
type Facts struct {
	Method   string
	Path     string // percent codes and all, without the query
	RawQuery string
	Host     string // the Host field

	Origin         string // the first Origin field
	Origins        int    // how many Origin fields there are
	Authorization  string // the first Authorization field
	Authorizations int
	ContentType    string // the first Content-Type field
	ContentTypes   int
	Referer        string
	FetchSite      string   // Sec-Fetch-Site
	FetchMode      string   // Sec-Fetch-Mode
	Fetched        bool     // whether any other Sec-Fetch-* field is there
	RequestMethod  string   // Access-Control-Request-Method
	RequestHeaders []string // the Access-Control-Request-Headers fields

	Upgrade      bool         // asks for another protocol (WebSocket)
	SocketOrigin trust.Origin // the accepted socket's own loopback or IP origin; zero where that may not count
	Now          time.Time
	// Since is when the request came, where it is judged again while its answer goes
	// on; zero: now.
	Since time.Time
}

// IsPreflight reports whether the request is a CORS-preflight request (Fetch
// standard, section 3.2.2): OPTIONS with an Origin and Access-Control-Request-Method.
func (f *Facts) IsPreflight() bool {
	return f.Method == "OPTIONS" && f.RequestMethod != "" && f.Origins > 0
}

// fromBrowser reports whether a Sec-Fetch-* field says that a browser sent the
// request.
func (f *Facts) fromBrowser() bool { return f.Fetched || f.FetchSite != "" || f.FetchMode != "" }

// isScripted reports whether a script may have sent the request, going by its fetch
// metadata: an HTML form navigates, a beacon is no-cors (Fetch standard, section 2.2.5).
func (f *Facts) isScripted() bool {
	switch f.FetchMode {
	case "", "cors", "same-origin":
		return true
	}
	return false
}

// cameAt is when the request came.
func (f *Facts) cameAt() time.Time {
	if f.Since.IsZero() {
		return f.Now
	}
	return f.Since
}
