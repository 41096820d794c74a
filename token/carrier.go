package token

// A QueryCarrier says which requests may carry an access token in their query.
type QueryCarrier string

// The settings of the query carrier.
const (
	QueryFull QueryCarrier = "full" // every method
	QueryRead QueryCarrier = "read" // GET and HEAD
	QueryOff  QueryCarrier = "off"  // none
)

// Takes reports whether a request with this method may carry a token in its query.
// Whatever is not one of the settings takes none.
func (c QueryCarrier) Takes(method string) bool {
	switch c {
	case QueryFull:
		return true
	case QueryRead:
		return method == "GET" || method == "HEAD"
	}
	return false
}
