package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/wire"
	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// An act is a call of a page, and what servers are to answer to it. In the values of
// headers {origin} stands for what the page's Origin header has, {page} for the page's
// own origin, and {next} for the address of the next stop.
type act struct {
	Request     preflight.Request
	Sandboxed   bool // the page's origin is null
	Credentials bool
	Redirect    explain.RedirectMode
	Stops       []stop // the target, and where redirects lead from there
}

// A stop is one address on the way of a call, and what is answered there.
type stop struct {
	At        string // which server: "home" is the page's own, "first" and "second" are others
	User      string // in the address, "name:password@"
	Preflight explain.Response
	Response  explain.Response
	Early     string // what is written before the response, byte for byte
}

// failed is the Failure of a response that does not come.
const failed = "the connection was closed"

// body is what every answer brings that may bring one.
const body = "read"

// A theatre has the servers that acts are played on.
type theatre struct {
	page    string // the page's own origin
	servers map[string]*wire.Recorder
	answers map[string]stop // by target
}

// newTheatre prepares the answers of all acts, until the test ends.
func newTheatre(t *testing.T, acts []act) *theatre {
	th := &theatre{servers: map[string]*wire.Recorder{}, answers: map[string]stop{}}
	for _, name := range []string{"home", "first", "second"} {
		th.servers[name] = wire.NewStage(t, th.answer)
	}
	th.page = strings.Replace(th.servers["home"].URL, "127.0.0.1", "localhost", 1)
	for i, s := range acts {
		for j, placed := range th.place(i, s) {
			th.answers[target(i, j)] = placed
		}
	}
	return th
}

// target is the path of an act's stop.
func target(act, stop int) string { return fmt.Sprintf("/%d/%d", act, stop) }

// base is the origin of a server, with a user in it where one is named.
func (th *theatre) base(at, user string) string {
	base := th.servers[at].URL
	if at == "home" {
		base = th.page
	}
	return strings.Replace(base, "http://", "http://"+user, 1)
}

// origin is what the page of an act is called in Origin.
func (th *theatre) origin(s act) string {
	if s.Sandboxed {
		return "null"
	}
	return th.page
}

// address is where a stop of an act is.
func (th *theatre) address(i int, s act, j int) string {
	if j == len(s.Stops) {
		j = 0 // nobody comes there
	}
	return th.base(s.Stops[j].At, s.Stops[j].User) + target(i, j)
}

// place writes the addresses into an act's answers.
func (th *theatre) place(i int, s act) []stop {
	var placed []stop
	for j, at := range s.Stops {
		fill := strings.NewReplacer("{origin}", th.origin(s), "{page}", th.page, "{next}", th.address(i, s, j+1), "{port}", th.page[len("http://localhost"):])
		at.Preflight.Header, at.Response.Header = filled(fill, at.Preflight.Header), filled(fill, at.Response.Header)
		placed = append(placed, at)
	}
	return placed
}

func filled(fill *strings.Replacer, headers [][2]string) [][2]string {
	var all [][2]string
	for _, h := range headers {
		all = append(all, [2]string{h[0], fill.Replace(h[1])})
	}
	return all
}

// answer plays a server's part: it gives the page that makes the calls, or what the
// act says.
func (th *theatre) answer(head wire.Head) string {
	if html, err := pages.ReadFile(strings.TrimPrefix(head.Target, "/sandboxed/")); err == nil {
		return document(html, "Content-Security-Policy: sandbox allow-scripts\r\n")
	}
	if html, err := pages.ReadFile(strings.TrimPrefix(head.Target, "/")); err == nil {
		return document(html, "")
	}
	path, _, _ := strings.Cut(head.Target, "?")
	at, known := th.answers[path]
	if !known {
		return "HTTP/1.1 404 Not Found\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n"
	}
	if isPreflight(head) {
		return written(at.Preflight, head)
	}
	return at.Early + written(at.Response, head)
}

func isPreflight(head wire.Head) bool {
	_, asks := head.Get("Access-Control-Request-Method")
	return head.Method == "OPTIONS" && asks
}

func document(html []byte, fields string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%sContent-Length: %d\r\n\r\n%s", fields, len(html), html)
}

// written writes a response, as bytes; "" is to hang up.
func written(r explain.Response, head wire.Head) string {
	if r.Failure != "" {
		return ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "HTTP/1.1 %d As it is\r\n", r.Status)
	sized := false
	for _, h := range r.Header {
		fmt.Fprintf(&text, "%s: %s\r\n", h[0], h[1])
		sized = sized || strings.EqualFold(h[0], "Content-Length")
	}
	text.WriteString("\r\n")
	if sized && head.Method != "HEAD" {
		text.WriteString(body)
	}
	return text.String()
}

// call is the act as the explanation engine takes it: what the browser will get to see.
func (th *theatre) call(t *testing.T, i int, s act) explain.Call {
	t.Helper()
	first, err := url.Parse(th.address(i, s, 0))
	if err != nil {
		t.Fatal(err)
	}
	placed := th.place(i, s)
	call := explain.Call{
		Request: s.Request, Origin: th.origin(s), Target: first, Credentials: s.Credentials, Redirect: s.Redirect,
		Space: explain.SpaceLoopback, Preflight: &placed[0].Preflight, Response: &placed[0].Response,
	}
	for _, at := range placed[1:] {
		call.Redirects = append(call.Redirects, explain.Hop{Preflight: &at.Preflight, Response: &at.Response})
	}
	return call
}

// oddQuery ends an address that browsers follow to, though it is no good URI.
const oddQuery = "?%zz"

// came says what came to an act's stops, the last of it last: "preflight 0", "request 0".
func (th *theatre) came(i int, s act) (steps []string) {
	for j, at := range s.Stops {
		server := th.servers[at.At]
		for _, head := range slices.Concat(server.Heads(target(i, j)), server.Heads(target(i, j)+oddQuery)) {
			step := fmt.Sprintf("request %d", j)
			if isPreflight(head) {
				step = fmt.Sprintf("preflight %d", j)
			}
			steps = append(steps, step)
		}
	}
	return steps
}
