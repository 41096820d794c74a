package fleet

import (
	"context"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A plan is what the nodes of a fleet have in common.
type plan struct {
	program   string                                 // "": crossgate as it is
	broken    string                                 // what of a broken build is broken; "": nothing
	nodes     int                                    // 0: three
	databases []string                               // where the records are: for all nodes, or for each
	records   string                                 // where the test finds them; "": as the first node
	flags     func(node string, dir string) []string // of one node; nil: none
	asleep    bool                                   // the nodes are not started
}

// A fleet is several nodes on one database, and a key for their management.
type fleet struct {
	t     *testing.T
	plan  plan
	nodes []*node
	key   string
	api   *api
}

// A node is one crossgate serve, at the same addresses whenever it runs.
type node struct {
	t         *testing.T
	name      string
	dir       string
	url       string // where pages call the API
	dashboard string
	args, env []string
	client    *http.Client

	mu      sync.Mutex
	command *exec.Cmd
	exited  chan struct{}
	down    bool // meant to be: nobody is to be answered
	written *os.File
}

// secretKey seals what the nodes of a fleet keep: the same for all.
var secretKey = "CROSSGATE_SECRET_KEY=" + base64.StdEncoding.EncodeToString([]byte("thirty-two bytes for every fleet"))

// newFleet starts nodes on a database: one for all, or one address for each of them.
func newFleet(t *testing.T, p plan) *fleet {
	t.Helper()
	if p.program == "" {
		p.program = program
	}
	if p.nodes == 0 {
		p.nodes = 3
	}
	f := &fleet{t: t, plan: p, api: newAPI(t)}
	f.key = strings.TrimSpace(f.run("", "key", "create", "--name", "Fleet", "--role", "owner"))
	for i := range p.nodes {
		f.nodes = append(f.nodes, f.newNode(i))
	}
	for _, n := range f.nodes {
		if !p.asleep {
			n.start()
		}
	}
	for _, n := range f.nodes {
		if !p.asleep {
			n.awaitReady()
		}
	}
	return f
}

// database is where a node finds the records.
func (p *plan) database(i int) string { return p.databases[min(i, len(p.databases)-1)] }

func (f *fleet) newNode(i int) *node {
	n := &node{t: f.t, name: "n" + strconv.Itoa(i+1), dir: f.t.TempDir()}
	listen, dashboard := freeAddress(f.t), freeAddress(f.t)
	n.url, n.dashboard = "http://"+listen, "http://"+dashboard
	n.args = []string{
		f.plan.program, "serve", "--upstream", f.api.URL, "--listen", listen, "--dashboard", dashboard,
		"--database", f.plan.database(i), "--drain-notice", "0s",
	}
	if err := os.MkdirAll(filepath.Dir(snapshotIn(n.dir)), 0o700); err != nil {
		f.t.Fatal(err)
	}
	if f.plan.flags != nil {
		n.args = append(n.args, f.plan.flags(n.name, n.dir)...)
	}
	n.env = f.environment(n.dir)
	n.client = &http.Client{Timeout: patience / 4, Transport: &http.Transport{MaxIdleConnsPerHost: 32}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var err error
	if n.written, err = os.Create(filepath.Join(n.dir, "log")); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(n.end)
	return n
}

// environment keeps the settings of whoever runs the tests away from the program.
func (f *fleet) environment(dir string) []string {
	return []string{"HOME=" + dir, "TMPDIR=" + dir, "PATH=" + os.Getenv("PATH"), "GOMAXPROCS=2", secretKey, brokenVariable + "=" + f.plan.broken}
}

// run runs a command on the fleet's database, as beside the running nodes.
func (f *fleet) run(stdin string, words ...string) string {
	f.t.Helper()
	command := exec.Command(f.plan.program, append(words, "--database", f.plan.databases[0])...)
	command.Env = f.environment(f.t.TempDir())
	command.Stdin = strings.NewReader(stdin)
	printed, err := command.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			printed = append(printed, failed.Stderr...)
		}
		f.t.Fatalf("crossgate %q: %v\n%s", words, err, printed)
	}
	return string(printed)
}

// start starts the process, and does not wait for it.
func (n *node) start() {
	n.t.Helper()
	command := exec.Command(n.args[0], n.args[1:]...)
	command.Dir, command.Env, command.SysProcAttr = n.dir, n.env, attributes()
	command.Stdout, command.Stderr = n.written, n.written
	if err := command.Start(); err != nil {
		n.t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		_ = command.Wait() // ProcessState has the result
		close(exited)
	}()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.command, n.exited = command, exited
}

// awaitReady waits until the node carries requests.
func (n *node) awaitReady() {
	n.t.Helper()
	await(n.t, n.name+" is ready", func() bool {
		if n.hasExited() {
			n.t.Fatalf("%s has ended:\n%s", n.name, n.log())
		}
		return n.status(n.url+"/.crossgate/health") == http.StatusOK
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down = false
}

func (n *node) hasExited() bool {
	select {
	case <-n.exited:
		return true
	default:
		return false
	}
}

// status asks for an address and returns the answer's status, or 0.
func (n *node) status(url string) int {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		n.t.Error(err)
		return 0
	}
	response, err := n.client.Do(request)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// isDown reports whether nobody is to be answered, because the test has seen to that.
func (n *node) isDown() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.down
}

// kill ends the process as a power cut would.
func (n *node) kill() {
	n.mu.Lock()
	n.down = true
	command, exited := n.command, n.exited
	n.mu.Unlock()
	_ = command.Process.Kill() // an error says that it has ended already
	<-exited
}

// end stops the process as Ctrl-C does, and shows its log where the test has failed.
func (n *node) end() {
	n.mu.Lock()
	command, exited := n.command, n.exited
	n.mu.Unlock()
	if command != nil {
		_ = command.Process.Signal(syscall.SIGINT) // an error says that it has ended already
		select {
		case <-exited:
		case <-time.After(patience):
			n.t.Errorf("%s does not stop", n.name)
			_ = command.Process.Kill()
			<-exited
		}
	}
	if n.t.Failed() {
		n.t.Logf("the end of what %s wrote:\n%s", n.name, n.log())
	}
	n.written.Close()
}

// log returns the end of what the node has written, without the requests.
func (n *node) log() string {
	const most = 40 // lines
	text, err := os.ReadFile(n.written.Name())
	if err != nil {
		return err.Error()
	}
	lines := slices.DeleteFunc(strings.Split(string(text), "\n"), func(line string) bool { return strings.Contains(line, "msg=request") })
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// freeAddress returns a loopback address that nothing listens on. Its port is below those
// that systems give away by themselves: nobody who connects somewhere takes it while the
// node is down.
func freeAddress(t *testing.T) string {
	t.Helper()
	const lowest, highest, tries = 15_000, 32_000, 100
	var err error
	for range tries {
		var listener net.Listener
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(lowest+rand.IntN(highest-lowest)))
		if listener, err = net.Listen("tcp", address); err == nil {
			_ = listener.Close() // nothing was sent
			return address
		}
	}
	t.Fatal(err)
	return ""
}
