package explain

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

var errLocation = errors.New("the location is no address")

// location resolves where a redirect leads (Fetch standard, "location URL"). Several
// lines that say the same count as one, as they do in browsers.
func (w *walker) location(r *Response) (*url.URL, error) {
	lines := slices.Compact(r.lines("Location"))
	if len(lines) != 1 {
		return nil, errLocation
	}
	u, err := url.Parse(asGoReads(lines[0]))
	if err != nil {
		return nil, errLocation
	}
	if w.target != nil {
		u = w.target.ResolveReference(u)
	}
	web := u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https"
	if web && u.Host == "" || !isPort(u.Port()) {
		return nil, errLocation
	}
	return u, nil
}

// asGoReads writes an address as package url wants it where browsers are more lenient:
// backslashes that are slashes, tabs, and percent signs that begin nothing (URL standard,
// "basic URL parser").
func asGoReads(address string) string {
	address = strings.NewReplacer("\t", "", " ", "%20").Replace(address)
	end := strings.IndexAny(address+"?", "?#")
	address = strings.ReplaceAll(address[:end], "\\", "/") + address[end:]
	var b strings.Builder
	for i := range len(address) {
		b.WriteByte(address[i])
		if address[i] == '%' && (len(address) < i+3 || strings.Trim(address[i+1:i+3], "0123456789abcdefABCDEF") != "") {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isPort(port string) bool {
	n, err := strconv.Atoi(port)
	return port == "" || err == nil && n <= 65535
}

// locationLine shows where a redirect leads, without the values of its query.
func (w *walker) locationLine(r *Response) string {
	if !r.has("Location") {
		return "no Location"
	}
	u, err := w.location(r)
	if err != nil {
		return "Location: cannot be read as an address"
	}
	return "Location: " + shownValue(ShownURL(u))
}
