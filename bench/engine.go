package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	readyWithin   = 20 * time.Second
	stoppedWithin = 20 * time.Second
	pollEvery     = 20 * time.Millisecond
)

// An engine is a process under test: it listens on one address and carries what
// comes there to the upstream.
type engine struct {
	name      string
	address   string
	dashboard string // its URL; "" where there is none
	token     string // an access token of its own; "" where there is none
	process   *os.Process
}

// cpuOfEngines is the CPU that engines are pinned to; this process, with the load
// and the upstream, is free to use the others.
const cpuOfEngines = 1

// startReverseProxy starts this program again, as the peer.
func startReverseProxy(upstream string) (*engine, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return start("httputil.ReverseProxy", address, exec.Command(self, reverseProxyCommand, address, "http://"+upstream))
}

// startGateway builds the real binary and starts it with one Trusted Domain.
func startGateway(dir, upstream string) (*engine, error) {
	binary := filepath.Join(dir, "crossgate")
	build := exec.Command("go", "build", "-o", binary, "./cmd/crossgate")
	build.Dir = ".."
	if printed, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building crossgate: %w\n%s", err, printed)
	}
	database := filepath.Join(dir, databaseName)
	add := exec.Command(binary, "domain", "add", trustedDomain, "--database", database)
	if printed, err := add.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("adding %s: %w\n%s", trustedDomain, err, printed)
	}
	create := exec.Command(binary, "token", "create", "--name", "Bench", "--json", "--database", database)
	printed, err := create.Output()
	if err != nil {
		return nil, fmt.Errorf("making a token: %w", err)
	}
	var made struct{ Token string }
	if err := json.Unmarshal(printed, &made); err != nil {
		return nil, fmt.Errorf("making a token: %w", err)
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	dashboard, err := freeAddress()
	if err != nil {
		return nil, err
	}
	e, err := start("crossgate", address, exec.Command(binary, "serve",
		"--upstream", "http://"+upstream, "--listen", address, "--dashboard", dashboard, "--database", database, "--drain-notice", "0s"))
	if err != nil {
		return nil, err
	}
	e.dashboard, e.token = "http://"+dashboard, made.Token
	return e, nil
}

// start starts a process on its CPU and waits until it carries requests.
func start(name, address string, command *exec.Cmd) (*engine, error) {
	if err := pinned(cpuOfEngines, command.Start); err != nil {
		return nil, err
	}
	e := &engine{name: name, address: address, process: command.Process}
	for deadline := time.Now().Add(readyWithin); ; time.Sleep(pollEvery) {
		response, err := http.Get("http://" + address + "/")
		if err == nil {
			response.Body.Close()
		}
		switch {
		case err == nil && response.StatusCode == http.StatusOK:
			return e, nil
		case time.Now().After(deadline):
			return nil, errors.Join(fmt.Errorf("%s does not answer on %s", name, address), err, e.stop())
		}
	}
}

// stop does what Ctrl-C does, and does not wait for ever.
func (e *engine) stop() error {
	if err := e.process.Signal(os.Interrupt); err != nil {
		return err
	}
	defer time.AfterFunc(stoppedWithin, func() { e.process.Kill() }).Stop()
	_, err := e.process.Wait()
	return err
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
