package crossgate

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A Gateway is `crossgate serve` before one API.
type Gateway struct {
	*Process
	URL       string // where pages call the API
	Dashboard string // where people manage it

	binary   *Binary
	database string
}

// Serve starts the gateway with a database of its own, until the test ends. Flags
// come last, and so win.
func (b *Binary) Serve(t testing.TB, upstream string, flags ...string) *Gateway {
	t.Helper()
	dir := t.TempDir()
	listen, dashboard := FreeAddress(t), FreeAddress(t)
	gateway := &Gateway{
		URL:       "http://" + listen,
		Dashboard: "http://" + dashboard,
		binary:    b,
		database:  filepath.Join(dir, "crossgate.db"),
	}
	args := []string{
		"serve", "--upstream", upstream, "--listen", listen, "--dashboard", dashboard, "--database", gateway.database,
		"--drain-notice", "0s", // no load balancer to wait for
	}
	gateway.Process = b.Start(t, dir, append(args, flags...)...)
	gateway.AwaitReady(gateway.Dashboard + "/readyz")
	return gateway
}

// Run runs a command on the gateway's database, as beside a running server.
func (g *Gateway) Run(words ...string) string {
	g.t.Helper()
	return g.binary.Run(g.t, append(words, "--database", g.database)...)
}

// RunWith is Run with something on standard input.
func (g *Gateway) RunWith(stdin string, words ...string) string {
	g.t.Helper()
	command := g.binary.command(append(words, "--database", g.database)...)
	command.Stdin = strings.NewReader(stdin)
	printed, err := command.CombinedOutput()
	if err != nil {
		g.t.Fatalf("crossgate %q: %v\n%s", words, err, printed)
	}
	return string(printed)
}

// Written returns everything that the gateway has written so far, by where it is: what
// it printed, and each file beside its database.
func (g *Gateway) Written() map[string]string {
	g.t.Helper()
	written := map[string]string{"what it printed": g.Printed()}
	dir := filepath.Dir(g.database)
	files, err := os.ReadDir(dir)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			g.t.Fatal(err)
		}
		written[file.Name()] = string(text)
	}
	return written
}

// Trust adds an entry to the list, and returns once pages of the origin are let in.
func (g *Gateway) Trust(origin, entry string) {
	g.t.Helper()
	g.Run("domain", "add", entry)
	g.Await(entry+" on the list", func() bool { return g.asks(origin) == http.StatusNoContent })
}

// asks sends the preflight that a page of an origin would, and returns the answer's status.
func (g *Gateway) asks(origin string) int {
	request, err := http.NewRequest(http.MethodOptions, g.URL, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	request.Header.Set("Origin", origin)
	request.Header.Set("Access-Control-Request-Method", http.MethodGet)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}
