package gateway

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// patience is how long a test waits before it calls something stuck.
const patience = 20 * time.Second

// raw sends bytes on a connection of their own and returns the answers as they
// came: informational ones, the final one, and its body.
func (r *rig) raw(request string) string {
	r.t.Helper()
	return r.exchange(r.dial(), request)
}

// exchange is raw on a connection that is there already.
func (r *rig) exchange(c net.Conn, request string) string {
	r.t.Helper()
	r.write(c, request)
	return readRaw(r.t, c, request)
}

// readRaw reads one answer to a request.
func readRaw(t testing.TB, c net.Conn, request string) string {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	var came bytes.Buffer
	r := bufio.NewReader(io.TeeReader(c, &came))
	for {
		res, err := http.ReadResponse(r, &http.Request{Method: methodOf(request)})
		if err != nil {
			t.Fatalf("no answer to %q: %v after %q", request, err, came.String())
		}
		if res.StatusCode == http.StatusSwitchingProtocols {
			return came.String()
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Fatalf("answer to %q: %v", request, err)
		}
		if res.StatusCode >= 200 {
			return came.String()
		}
	}
}

func methodOf(request string) string {
	method, _, _ := bytes.Cut([]byte(request), []byte(" "))
	return string(method)
}

func newToken(t testing.TB) token.Token {
	t.Helper()
	tok, err := token.Mint(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func publicDomains(t testing.TB, entries ...string) []trust.Domain {
	t.Helper()
	var all []trust.Domain
	for _, e := range entries {
		d, err := trust.ParseDomain(e)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}
