package fleet

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/crossgate/crossgate/e2e/internal/nginx"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// The names that the example gives to the API and to the dashboard.
const (
	exampleAPI       = "api.example.com"
	exampleDashboard = "crossgate.example.com"
)

// TestDeploy runs what is in deploy/: three nodes by the units' environment on one
// PostgreSQL, and nginx before them. While nodes are restarted one after the other, and
// while one of them is dead, nobody who asks through nginx notices.
func TestDeploy(t *testing.T) {
	t.Parallel()
	f := &fleet{t: t, plan: plan{program: program, databases: []string{pgtest.Start(t).NewDatabase(t)}}, api: newAPI(t)}
	replace := f.startUnits()
	f.run("", "domain", "add", "app.example.com")
	b := startBalancer(t, replace)

	await(t, "the page is let in by every node", func() bool {
		for range 2 * len(f.nodes) {
			if b.get("https://app.example.com") != http.StatusOK {
				return false
			}
		}
		return true
	})
	if got := b.get("https://other.example.com"); got != http.StatusForbidden {
		t.Errorf("another page was answered %d", got)
	}
	if got := b.ask("GET", exampleDashboard, "/sign-in", ""); got != http.StatusOK && got != http.StatusSeeOther {
		t.Errorf("the dashboard answered %d", got)
	}

	calls := b.callAllTheTime(t)
	for _, n := range f.nodes { // an upgrade: one node after the other
		n.signal(syscall.SIGTERM)
		<-n.exited
		n.start()
		n.awaitReady()
	}
	for range 3 { // a node that dies, and comes back
		f.nodes[0].kill()
		time.Sleep(50 * time.Millisecond)
		f.nodes[0].start()
		f.nodes[0].awaitReady()
	}
	asked, failed := calls()
	t.Logf("%d calls through nginx, %d failed", asked, failed)
	if asked == 0 || failed > 0 {
		t.Errorf("of %d calls %d failed", asked, failed)
	}
}

// startUnits starts three nodes by the environment of the units, at addresses of their own,
// and returns what stands in nginx's configuration for each of theirs.
func (f *fleet) startUnits() map[string]string {
	f.t.Helper()
	key := filepath.Join(f.t.TempDir(), "secret.key")
	secret := base64.StdEncoding.EncodeToString([]byte("thirty-two bytes for the example")) + "\n"
	if err := os.WriteFile(key, []byte(secret), 0o600); err != nil {
		f.t.Fatal(err)
	}
	shared := settings(f.t, "systemd/node.env", "CROSSGATE_")
	shared["CROSSGATE_DATABASE"] = f.plan.databases[0]
	shared["CROSSGATE_UPSTREAM"] = f.api.URL
	shared["CROSSGATE_SECRET_KEY_FILE"] = key
	replace := make(map[string]string)
	for i := 1; i <= 3; i++ {
		n := &node{t: f.t, name: fmt.Sprint("n", i), dir: f.t.TempDir(), args: []string{program, "serve"}}
		own := settings(f.t, "systemd/crossgate@.service", "Environment=")
		for name, value := range own {
			own[name] = strings.NewReplacer("%i", fmt.Sprint(i), "%H", "host", "%S", n.dir).Replace(value)
		}
		listen, dashboard := freeAddress(f.t), freeAddress(f.t)
		replace[own["CROSSGATE_LISTEN"]], replace[own["CROSSGATE_DASHBOARD"]] = listen, dashboard
		own["CROSSGATE_LISTEN"], own["CROSSGATE_DASHBOARD"] = listen, dashboard
		if err := os.MkdirAll(filepath.Dir(own["CROSSGATE_SNAPSHOT"]), 0o700); err != nil {
			f.t.Fatal(err)
		}
		n.url, n.dashboard = "http://"+listen, "http://"+dashboard
		n.client = &http.Client{Timeout: patience / 4}
		n.env = []string{"HOME=" + n.dir, "TMPDIR=" + n.dir, "PATH=" + os.Getenv("PATH"), "GOMAXPROCS=2"}
		for _, part := range []map[string]string{shared, own} {
			for name, value := range part {
				n.env = append(n.env, name+"="+value)
			}
		}
		var err error
		if n.written, err = os.Create(filepath.Join(n.dir, "log")); err != nil {
			f.t.Fatal(err)
		}
		f.t.Cleanup(n.end)
		n.start()
		f.nodes = append(f.nodes, n)
	}
	for _, n := range f.nodes {
		n.awaitReady()
	}
	return replace
}

func (n *node) signal(s os.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.command.Process.Signal(s); err != nil {
		n.t.Error(err)
	}
}

// settings reads NAME=VALUE from the lines of a file of the example that begin so.
func settings(t *testing.T, file, prefix string) map[string]string {
	t.Helper()
	text := example(t, file)
	found := make(map[string]string)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, prefix) {
			continue
		}
		for word := range strings.FieldsSeq(strings.TrimPrefix(line, "Environment=")) {
			if name, value, ok := strings.Cut(word, "="); ok {
				found[name] = value
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s has no settings", file)
	}
	return found
}

func example(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(module, "deploy", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A balancer is nginx before the nodes.
type balancer struct {
	address string
	client  *http.Client
}

// startBalancer starts nginx with the example's configuration, at addresses that are free.
func startBalancer(t *testing.T, replace map[string]string) *balancer {
	t.Helper()
	address := freeAddress(t)
	config := example(t, "balancer.conf")
	for from, to := range replace {
		if !strings.Contains(config, "server "+from+" ") {
			t.Fatalf("balancer.conf knows no node at %s", from)
		}
		config = strings.ReplaceAll(config, "server "+from+" ", "server "+to+" ")
	}
	config = strings.ReplaceAll(config, "listen 443 ", "listen "+address+" ")
	certificate, key := selfSigned(t)
	for _, name := range []string{"api", "dashboard"} {
		config = strings.ReplaceAll(config, "/etc/ssl/crossgate/"+name+".pem", "certificate.pem")
		config = strings.ReplaceAll(config, "/etc/ssl/crossgate/"+name+".key", "key.pem")
	}
	nginx.Start(t, address, config, map[string]string{"certificate.pem": certificate, "key.pem": key})
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // it was made a moment ago
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &balancer{address, &http.Client{
		Timeout: patience, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// get is a page's call to the API.
func (b *balancer) get(origin string) int { return b.ask("GET", exampleAPI, "/items", origin) }

// ask asks a name for a path, and returns the answer's status, or 0.
func (b *balancer) ask(method, host, path, origin string) int {
	request, err := http.NewRequest(method, "https://"+host+path, nil)
	if err != nil {
		return 0
	}
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	response, err := b.client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return 0
	}
	return response.StatusCode
}

// callAllTheTime has a few pages call without end; what it returns ends that, and says how
// many calls there were, and how many were not answered with 200.
func (b *balancer) callAllTheTime(t *testing.T) (end func() (asked, failed int64)) {
	ctx, cancel := context.WithCancel(t.Context())
	var asked, failed atomic.Int64
	var calling sync.WaitGroup
	for range 4 {
		calling.Go(func() {
			for ctx.Err() == nil {
				asked.Add(1)
				if b.get("https://app.example.com") != http.StatusOK {
					failed.Add(1)
				}
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	return func() (int64, int64) {
		cancel()
		calling.Wait()
		return asked.Load(), failed.Load()
	}
}

// selfSigned makes a certificate for the example's names.
func selfSigned(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{exampleAPI, exampleDashboard},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, made, made, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}
