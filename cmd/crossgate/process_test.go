package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience is how long a test waits for what must come; no test passes by its running out.
const patience = 20 * time.Second

const pollEvery = 10 * time.Millisecond

// A process is a crossgate that runs until it is told to stop.
type process struct {
	cmd    *exec.Cmd
	stdout output
	stderr output
	exited chan struct{}
}

// startProcess starts crossgate from the PATH.
func startProcess(path, dir string, env []string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(path, args...), exited: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = dir, env
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // ProcessState has the result
		close(p.exited)
	}()
	return p, nil
}

// await waits until a pattern has been printed, and returns its groups.
func (p *process) await(from *output, pattern string) ([]string, error) {
	want := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pollEvery) {
		if found := want.FindStringSubmatch(from.String()); found != nil {
			return found, nil
		}
		select {
		case <-p.exited:
			return nil, fmt.Errorf("it ended before it printed %q: %s", pattern, p.stderr.String())
		default:
		}
	}
	return nil, fmt.Errorf("it did not print %q: %s", pattern, p.stderr.String())
}

// stop sends a signal and returns the exit code.
func (p *process) stop(signal syscall.Signal) (int, error) {
	_ = p.cmd.Process.Signal(signal) // where it has ended already, that is seen below
	select {
	case <-p.exited:
		return p.cmd.ProcessState.ExitCode(), nil
	case <-time.After(patience):
		p.kill()
		return -1, fmt.Errorf("it did not stop: %s", p.stderr.String())
	}
}

// kill ends it where it has not ended.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.exited
}

// environ is an environment without any of Crossgate's settings.
func environ(more ...string) []string {
	env := []string{"CROSSGATE_DRAIN_NOTICE=0s"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CROSSGATE_") {
			env = append(env, v)
		}
	}
	return append(env, more...)
}

// output may be written to and read at the same time.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
