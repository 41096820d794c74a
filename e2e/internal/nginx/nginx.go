// Package nginx runs the system's nginx with a configuration of a test's own.
package nginx

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const (
	readyWithin = 20 * time.Second // how long it may take to listen
	pollEvery   = 10 * time.Millisecond
)

// everywhere is the configuration around that of a test: everything that it writes lies
// in the directory that it is started in.
const everywhere = `daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
%s
}
`

// Start starts nginx with what stands in its http block, until the test ends, and returns
// once something listens on the address. Files are laid into the directory that
// relative paths begin at.
func Start(t testing.TB, address, config string, files map[string]string) {
	t.Helper()
	program, err := find()
	if err != nil {
		t.Fatalf("there is no nginx: run make deps (%v)", err)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("nginx.conf", fmt.Sprintf(everywhere, config))
	for name, text := range files {
		write(name, text)
	}
	var printed bytes.Buffer
	command := exec.Command(program, "-p", dir, "-c", "nginx.conf", "-e", "stderr")
	command.Stdout, command.Stderr = &printed, &printed
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		command.Wait()
		close(exited)
	}()
	stop := func() {
		command.Process.Signal(os.Interrupt) // an error says that it has ended already
		<-exited
	}
	t.Cleanup(stop)
	if !listens(address, exited) {
		stop()
		t.Fatalf("nginx does not listen on %s:\n%s", address, printed.String())
	}
}

// listens waits until a connection can be opened, or until nginx has ended.
func listens(address string, exited <-chan struct{}) bool {
	for deadline := time.Now().Add(readyWithin); time.Now().Before(deadline); time.Sleep(pollEvery) {
		if connection, err := net.Dial("tcp", address); err == nil {
			connection.Close()
			return true
		}
		select {
		case <-exited:
			return false
		default:
		}
	}
	return false
}

// find looks where Debian has it, too: on the PATH of root alone.
func find() (string, error) {
	if program, err := exec.LookPath("nginx"); err == nil {
		return program, nil
	}
	return exec.LookPath("/usr/sbin/nginx")
}
