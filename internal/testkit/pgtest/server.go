//go:build unix

package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A server is a running postmaster, with the processes that it starts.
type server struct {
	t     testing.TB
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has ended
}

// Start starts the server and returns when it answers.
func (c *Cluster) Start() {
	c.t.Helper()
	if c.server != nil {
		c.t.Fatal("PostgreSQL runs already")
	}
	log, err := os.OpenFile(c.logFile(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(program(c.t, "postgres"), "-D", c.data)
	cmd.SysProcAttr = c.account.attributes()
	cmd.Dir = c.folder
	cmd.Env = c.environment()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.server = &server{t: c.t, cmd: cmd, ended: make(chan struct{})}
	go func(s *server) {
		_ = s.cmd.Wait() // how it ended is in its log
		close(s.ended)
	}(c.server)
	c.write(c.pidFile(), strconv.Itoa(c.server.pid()))
	c.await()
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// await returns when the server takes connections.
func (c *Cluster) await() {
	c.t.Helper()
	c.eventually("PostgreSQL does not start", func() error {
		select {
		case <-c.server.ended:
			c.tellLog()
			c.t.Fatal("PostgreSQL ended at its start")
		default:
		}
		return c.answers()
	})
}

// answers reports whether a connection can be had. A wrong password is an answer.
func (c *Cluster) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.AdminURL("postgres"))
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(refused.Code, "28") {
		return nil
	}
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// eventually tries until there is no error, and fails the test when patience ends.
func (c *Cluster) eventually(otherwise string, try func() error) {
	c.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			c.t.Fatalf("%s: %v", otherwise, err)
		}
	}
}

// Stop shuts the server down as an administrator does: connections are ended, and
// what was committed is on the disk.
func (c *Cluster) Stop() {
	c.t.Helper()
	c.running().signal(syscall.SIGINT)
	c.ended()
}

// Kill ends all processes of the server at once, as a power cut would.
func (c *Cluster) Kill() {
	c.t.Helper()
	s := c.running()
	s.kill()
	c.ended()
}

// Restart stops the server, if it runs, and starts it again.
func (c *Cluster) Restart() {
	c.t.Helper()
	if c.server != nil {
		c.Stop()
	}
	c.Start()
}

// Pause stops every process of the server without ending one: its connections stay,
// new ones are taken by the system, and nothing is answered.
func (c *Cluster) Pause() {
	c.t.Helper()
	s := c.running()
	s.signal(syscall.SIGSTOP) // first: it starts no more
	s.signalAll(syscall.SIGSTOP)
}

// Resume lets a paused server go on.
func (c *Cluster) Resume() {
	c.t.Helper()
	s := c.running()
	s.signalAll(syscall.SIGCONT)
	s.signal(syscall.SIGCONT)
}

func (c *Cluster) running() *server {
	c.t.Helper()
	if c.server == nil {
		c.t.Fatal("PostgreSQL does not run")
	}
	return c.server
}

// ended waits for the end of the server.
func (c *Cluster) ended() {
	c.t.Helper()
	select {
	case <-c.server.ended:
	case <-time.After(patience):
		c.t.Fatal("PostgreSQL does not end")
	}
	c.server.end()
	c.server = nil
	_ = os.Remove(c.pidFile())
}

// end makes sure that nothing of the server is left.
func (s *server) end() {
	select {
	case <-s.ended:
	default:
		s.kill()
		<-s.ended
	}
}

// kill ends the postmaster and all that it has started. The first cannot start more
// while the others are looked for.
func (s *server) kill() {
	s.signal(syscall.SIGSTOP)
	children := s.children()
	s.signal(syscall.SIGKILL)
	for _, pid := range children {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	for _, pid := range children { // the folder is not theirs any more when they are gone
		for end := time.Now().Add(patience); !gone(pid) && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
}

// gone reports whether a process has ended, even where nobody has asked how.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	out, _ := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return len(out) == 0 || out[0] == 'Z'
}

func (s *server) signal(sig syscall.Signal) {
	_ = s.cmd.Process.Signal(sig) // of one that has ended: nothing
}

func (s *server) signalAll(sig syscall.Signal) {
	for _, pid := range s.children() {
		_ = syscall.Kill(pid, sig)
	}
}

// children returns the processes that the postmaster has started.
func (s *server) children() []int {
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		s.t.Errorf("looking for PostgreSQL's processes: %v", err)
	}
	var pids []int
	for line := range bytes.Lines(out) {
		var pid, parent int
		if n, _ := fmt.Sscan(string(line), &pid, &parent); n == 2 && parent == s.pid() {
			pids = append(pids, pid)
		}
	}
	return pids
}
