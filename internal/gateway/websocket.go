package gateway

import (
	"crypto/sha1" //nolint:gosec // RFC 6455 wants it; nothing secret depends on it
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
)

// checkUpgrade recognises a WebSocket handshake, and drops any other offer to
// change the protocol.
func (x *exchange) checkUpgrade() *gate.Problem {
	h := x.r.Header
	offer, ok := h["Upgrade"]
	if !ok {
		return nil
	}
	if len(offer) != 1 || !strings.EqualFold(offer[0], "websocket") || x.r.ProtoMajor != 1 ||
		x.r.ProtoMinor == 0 || !hasToken(h["Connection"], "upgrade") {
		delete(h, "Upgrade")
		return nil
	}
	if x.r.Method != "GET" || len(only(h["Sec-Websocket-Key"])) != base64.StdEncoding.EncodedLen(16) {
		return malformed("A WebSocket handshake is a GET with one Sec-WebSocket-Key of 16 bytes (RFC 6455, section 4.1).")
	}
	x.upgrade = true
	return nil
}

// hasToken reports whether a comma-separated list names a token, in any case.
func hasToken(lines []string, token string) bool {
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.Trim(part, " \t"), token) {
				return true
			}
		}
	}
	return false
}

// acceptsUpgrade reports whether a 101 proves that the upstream speaks WebSocket
// and has read this very handshake (RFC 6455, section 4.1). Without that proof the
// connection would be a tunnel for whatever a page likes to send.
func (x *exchange) acceptsUpgrade(res *http.Response) bool {
	return x.upgrade && strings.EqualFold(only(res.Header["Upgrade"]), "websocket") &&
		only(res.Header["Sec-Websocket-Accept"]) == acceptKey(only(x.r.Header["Sec-Websocket-Key"]))
}

func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	return base64.StdEncoding.EncodeToString(sum[:])
}
