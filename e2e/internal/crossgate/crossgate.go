// Package crossgate runs the real binary, as a person at a terminal would.
package crossgate

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

const (
	readyWithin   = 20 * time.Second // how long the binary may take to answer
	stoppedWithin = 20 * time.Second // how long it may take to drain and exit
	pollEvery     = 20 * time.Millisecond
)

// A Binary is the built program.
type Binary struct{ path string }

// Build builds the program from the module that this one lies in, into a directory.
func Build(dir string) (*Binary, error) {
	path := filepath.Join(dir, "crossgate")
	build := exec.Command("go", "build", "-o", path, "./cmd/crossgate")
	build.Dir = root()
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("building crossgate: %w", err)
	}
	return &Binary{path}, nil
}

// root is where the program's module lies: one folder above the tests, or two.
func root() string {
	if _, err := os.Stat("../cmd/crossgate"); err == nil {
		return ".."
	}
	return "../.."
}

// Run runs a command to its end, which must be a success, and returns what it printed.
func (b *Binary) Run(t testing.TB, args ...string) string {
	t.Helper()
	printed, err := b.command(args...).CombinedOutput()
	if err != nil {
		t.Fatalf("crossgate %q: %v\n%s", args, err, printed)
	}
	return string(printed)
}

// Ask runs a command to its end, and returns what it printed on standard output, and its
// exit code: 0 is yes, and 1 no. Any other fails the test.
func (b *Binary) Ask(t testing.TB, args ...string) (printed []byte, code int) {
	t.Helper()
	command := b.command(args...)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	printed, err := command.Output()
	code = command.ProcessState.ExitCode()
	if err != nil && code != 1 {
		t.Fatalf("crossgate %q: %v\n%s%s", args, err, printed, complaints.String())
	}
	return printed, code
}

// command keeps the settings of the person who runs the tests away from the program.
func (b *Binary) command(args ...string) *exec.Cmd {
	command := exec.Command(b.path, args...)
	command.Env = []string{"HOME=" + filepath.Dir(b.path), "PATH=" + os.Getenv("PATH")}
	return command
}

// A Process is a command that runs until it is told to stop.
type Process struct {
	t       testing.TB
	command *exec.Cmd
	printed lockedBuffer
	exited  chan struct{}
	err     error // of Wait; set once exited is closed
}

// Start starts a command in a directory, which is also where it finds room for
// temporary files, until Stop or the end of the test.
func (b *Binary) Start(t testing.TB, dir string, args ...string) *Process {
	t.Helper()
	p := &Process{t: t, command: b.command(args...), exited: make(chan struct{})}
	p.command.Dir = dir
	p.command.Env = append(p.command.Env, "TMPDIR="+dir)
	p.command.Stdout, p.command.Stderr = &p.printed, &p.printed
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("crossgate %q printed:\n%s", args, p.printed.String())
		}
	})
	return p
}

// Printed returns what the command has printed so far.
func (p *Process) Printed() string { return p.printed.String() }

// Stop does what Ctrl-C does, waits for the end, and wants it to be exit code 0.
func (p *Process) Stop() {
	p.t.Helper()
	p.command.Process.Signal(os.Interrupt) // an error says that it has ended already
	select {
	case <-p.exited:
	case <-time.After(stoppedWithin):
		p.command.Process.Kill()
		<-p.exited
	}
	if p.err != nil {
		p.t.Errorf("crossgate did not stop as it should: %v", p.err)
	}
}

// AwaitReady waits until a URL of the process answers 200.
func (p *Process) AwaitReady(url string) {
	p.t.Helper()
	p.Await("an answer of "+url, func() bool {
		response, err := http.Get(url)
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// Await waits until something is so, for as long as the process lives.
func (p *Process) Await(what string, so func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(readyWithin); !so(); time.Sleep(pollEvery) {
		if err := p.ended(); err != nil || time.Now().After(deadline) {
			p.t.Fatalf("waiting for %s: %v\n%s", what, err, p.Printed())
		}
	}
}

func (p *Process) ended() error {
	select {
	case <-p.exited:
		return errors.Join(errors.New("the process has ended"), p.err)
	default:
		return nil
	}
}

// FreeAddress returns a loopback address that nothing listens on.
func FreeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// A lockedBuffer may be written to and read at the same time.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
