package explain

import (
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// DefaultMaxAge is how long the answer to a preflight is kept without a readable
// Access-Control-Max-Age, in seconds (Fetch standard, "CORS-preflight fetch").
const DefaultMaxAge = 5

// shortMaxAge is the Access-Control-Max-Age, in seconds, below which a person who works
// with a page waits for preflights again and again.
const shortMaxAge = 60

// MaxAgeCap returns how long an engine keeps the answer to a preflight at most, in
// seconds, whatever Access-Control-Max-Age says.
func MaxAgeCap(e preflight.Engine) int {
	switch e {
	case preflight.Chromium:
		return 7200
	case preflight.Firefox:
		return 86400
	case preflight.WebKit:
		return 600
	}
	return 0 // an engine that there is not
}

const maxAge = "Access-Control-Max-Age"

// maxAge judges how long the answer is kept.
func (w *walker) maxAge(r *Response) {
	value, ok := r.get(maxAge)
	if !ok {
		w.find(MaxAgeMissing, r.line(maxAge))
		return
	}
	seconds, err := strconv.ParseUint(value, 10, 64)
	limit := uint64(MaxAgeCap(w.engine))
	switch isNumber := value != "" && strings.Trim(value, "0123456789") == ""; {
	case !isNumber:
		w.find(MaxAgeInvalid, r.line(maxAge))
	case err == nil && seconds < shortMaxAge:
		w.find(MaxAgeShort, r.line(maxAge), seconds)
	case w.engine != "" && (err != nil || seconds > limit):
		w.find(MaxAgeCapped, r.line(maxAge), limit)
	}
}
