// Package firefox drives the system's Firefox by WebDriver BiDi, the W3C's protocol,
// which Firefox itself speaks over a WebSocket: no driver stands between.
package firefox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	readyWithin   = 60 * time.Second // how long Firefox may take to listen
	stoppedWithin = 10 * time.Second // how long it may take to end when asked
)

// A Browser is one running Firefox.
type Browser struct {
	command *exec.Cmd
	profile string
	exited  chan struct{}
	session *session
}

// Start starts Firefox without a window, with a profile of its own: the program that
// FIREFOX names, or the system's. It reaches this machine alone.
func Start() (*Browser, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "crossgate-firefox-")
	if err != nil {
		return nil, err
	}
	b := &Browser{profile: profile, exited: make(chan struct{})}
	if err := b.start(program); err != nil {
		b.Stop()
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	return b, nil
}

func (b *Browser) start(program string) error {
	if err := os.WriteFile(filepath.Join(b.profile, "user.js"), []byte(userPrefs()), 0o600); err != nil {
		return err
	}
	b.command = exec.Command(program, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", b.profile)
	b.command.Env = append(os.Environ(),
		"HOME="+b.profile,
		"MOZ_CRASHREPORTER_DISABLE=1",
		"MOZ_REMOTE_SETTINGS_DEVTOOLS=1", // a release takes services.settings.server from prefs only so
	)
	b.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its content processes end with it
	said, err := b.command.StderrPipe()
	if err != nil {
		return err
	}
	if err := b.command.Start(); err != nil {
		b.command = nil
		return err
	}
	address, gone := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(gone)
		listen(said, address)
	}()
	go func() {
		<-gone // Wait closes the pipe, so all of it has to be read before
		b.command.Wait()
		close(b.exited)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	select {
	case url := <-address:
		b.session, err = connect(ctx, url)
		return err
	case <-gone:
		return errors.New("it has ended without a word of where it listens")
	case <-ctx.Done():
		return errors.New("it does not say where it listens")
	}
}

// listen reads what Firefox says to its end, and passes on where it listens.
func listen(said io.Reader, address chan<- string) {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if _, url, found := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); found {
			address <- strings.TrimSpace(url)
			break
		}
	}
	io.Copy(io.Discard, said)
}

// Stop ends the browser with all its processes, and removes what it wrote.
func (b *Browser) Stop() {
	defer os.RemoveAll(b.profile)
	if b.command == nil {
		return
	}
	if b.session != nil {
		b.session.end()
		select {
		case <-b.exited:
		case <-time.After(stoppedWithin):
		}
	}
	syscall.Kill(-b.command.Process.Pid, syscall.SIGKILL) // an error says that all have ended
	<-b.exited
}

func find() (string, error) {
	if named := os.Getenv("FIREFOX"); named != "" {
		return exec.LookPath(named)
	}
	for _, name := range []string{"firefox-esr", "firefox"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("no Firefox on the PATH: run make deps, or set FIREFOX to a browser")
}
