package explain

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// MaxKeepalive is how much all requests of a page with keepalive may send together, in
// bytes (Fetch standard, "HTTP-network-or-cache fetch", inflight keepalive bytes).
const MaxKeepalive = 64 << 10

// before judges what a browser does before it sends anything (Fetch standard, "new
// Request(input, init)" and the beginning of "main fetch").
func (w *walker) before() {
	w.predicted()
	if w.target != nil && hasUserInfo(w.target) && w.request.API != preflight.XHR {
		w.find(URLCredentials, ShownURL(w.target))
	}
	if w.request.Keepalive && w.call.BodySize > MaxKeepalive {
		w.find(KeepaliveQuota, fmt.Sprintf("a body of %d bytes", w.call.BodySize))
	}
}

// noCORS: Fetch standard, "main fetch": what is redirected is followed, or nothing is sent.
func (w *walker) noCORS() {
	w.find(OpaqueAnswer, `mode: "no-cors"`)
	if w.call.Redirect == RedirectError || w.call.Redirect == RedirectManual {
		w.find(RequestThrows, fmt.Sprintf(`mode: "no-cors", redirect: %q`, w.call.Redirect), "With mode no-cors redirects are followed: leave redirect out.")
	}
}

// hasUserInfo reports whether an address includes credentials (URL standard).
func hasUserInfo(u *url.URL) bool {
	password, _ := u.User.Password()
	return u.User.Username() != "" || password != ""
}

// predicted notes what the script's own request comes to.
func (w *walker) predicted() {
	p, err := w.predict()
	if err != nil {
		w.find(RequestThrows, "", err.Error())
		return
	}
	for _, c := range p.Dropped {
		w.find(HeaderDropped, c.Header, c.Detail)
	}
	if p.Throws != "" {
		w.find(RequestThrows, fmt.Sprintf("%s: %s", p.Throws, p.Because[0].Code), p.Because[0].Detail)
	}
}

// predict asks for the request as it is now.
func (w *walker) predict() (preflight.Prediction, error) {
	r := w.request
	if r.Mode == preflight.ModeSameOrigin && w.isSameOrigin(w.target) {
		r.Mode = preflight.ModeCORS // the two are one where there is no other origin
	}
	if w.engine == "" {
		return preflight.Predict(r)
	}
	return preflight.PredictIn(w.engine, r)
}

// reach judges whether the address can be called from the page, and with what tainting
// (Fetch standard, "main fetch"; Mixed Content; Local Network Access).
func (w *walker) reach(space AddressSpace) {
	w.taint()
	u := w.target
	if u == nil {
		return
	}
	at := ShownURL(u)
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		w.find(SchemeUnsupported, at, u.Scheme)
		return
	case isBadPort(u.Port()):
		w.find(BadPort, at, u.Port())
	}
	if space == "" {
		space = spaceOf(u.Hostname())
	}
	w.mixedContent(at, space)
	w.localNetwork(at, space)
}

// taint says by what rules the answer is read. Once an answer of another origin was
// among those of a request, it stays so.
func (w *walker) taint() {
	switch {
	case w.tainting != TypeBasic, w.isSameOrigin(w.target):
	case w.isNoCORS():
		w.tainting = TypeOpaque
		w.noCORS()
	default:
		w.tainting = TypeCORS
	}
}

// mixedContent: a page that came over TLS calls nothing that does not, the visitor's own
// machine excepted (Mixed Content, "should fetching request be blocked as mixed content?").
// In Chromium the visitor's permission opens the visitor's own network as well.
func (w *walker) mixedContent(at string, space AddressSpace) {
	switch {
	case w.target.Scheme != "http" || !strings.HasPrefix(w.call.Origin, "https://"):
	case isLoopbackName(w.target.Hostname()):
		if w.engine == preflight.WebKit {
			w.find(MixedLoopback, at)
		}
	case w.engine == preflight.Chromium && space == SpaceLocal:
	default:
		w.find(MixedContent, at)
	}
}

// asksForLocal says of which visitors an engine asks for permission.
var asksForLocal = map[preflight.Engine]string{
	preflight.Chromium: "Chromium asks the visitor for permission first",
	preflight.Firefox:  "Firefox, where that has been switched on so far, asks the visitor for permission first",
}

// localNetwork: engines ask the visitor before a page reaches into a network that it did
// not come from (Local Network Access, "Local Network Access check").
func (w *walker) localNetwork(at string, space AddressSpace) {
	from := w.call.Space
	if from == "" {
		from = spaceOf(hostOfOrigin(w.call.Origin))
	}
	asks := asksForLocal[w.engine]
	switch insecure := strings.HasPrefix(w.call.Origin, "http://"); {
	case asks == "" || !isCloser(space, from):
	case insecure && from == SpacePublic && w.engine == preflight.Chromium:
		w.find(LocalNetworkInsecure, at)
	default:
		w.find(LocalNetwork, at, asks)
	}
}

// isBadPort: Fetch standard, "bad port".
func isBadPort(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && slices.Contains(badPorts, n)
}

var badPorts = []int{
	0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
	110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
	532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
	5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
}
