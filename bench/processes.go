package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startedWithin is how long a node may take to read a long list, beside seven others.
const startedWithin = 3 * time.Minute

// A processFleet is several crossgate serve on one database.
type processFleet struct {
	db       *database
	dir, key string
	api      *upstream
	nodes    []*engine
	client   *http.Client
	changes  int
}

func startFleet(db *database, nodes int) (f *processFleet, err error) {
	f = &processFleet{db: db, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}, Timeout: time.Minute}}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.stop())
		}
	}()
	if f.dir, err = os.MkdirTemp("", "crossgate-bench-"); err != nil {
		return f, err
	}
	if f.api, err = startUpstream(); err != nil {
		return f, err
	}
	binary := filepath.Join(f.dir, "crossgate")
	build := exec.Command("go", "build", "-o", binary, "./cmd/crossgate")
	build.Dir = ".."
	if printed, err := build.CombinedOutput(); err != nil {
		return f, fmt.Errorf("building crossgate: %w\n%s", err, printed)
	}
	made, err := f.command(binary, "key", "create", "--name", "Bench", "--role", "owner").Output()
	if err != nil {
		return f, fmt.Errorf("making a key: %w", err)
	}
	f.key = strings.TrimSpace(string(made))
	for range nodes {
		if err := f.startNode(binary); err != nil {
			return f, err
		}
	}
	for _, e := range f.nodes {
		if err := f.awaitNode(e); err != nil {
			return f, err
		}
	}
	return f, nil
}

// command runs the program on the database.
func (f *processFleet) command(binary string, args ...string) *exec.Cmd {
	command := exec.Command(binary, append(args, "--database", f.db.url)...)
	command.Env = []string{"HOME=" + f.dir, "CROSSGATE_SECRET_KEY_FILE=" + filepath.Join(f.dir, "key")}
	return command
}

func (f *processFleet) startNode(binary string) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	dashboard, err := freeAddress()
	if err != nil {
		return err
	}
	command := f.command(binary, "serve", "--upstream", "http://"+f.api.Addr().String(),
		"--listen", address, "--dashboard", dashboard, "--drain-notice", "0s",
		"--snapshot", filepath.Join(f.dir, fmt.Sprintf("snapshot-%d", len(f.nodes))))
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // where this program is killed
	if err := command.Start(); err != nil {
		return err
	}
	f.nodes = append(f.nodes, &engine{name: "crossgate", address: address, dashboard: "http://" + dashboard, process: command.Process})
	return nil
}

func (f *processFleet) awaitNode(e *engine) error {
	for deadline := time.Now().Add(startedWithin); ; time.Sleep(pollEvery) {
		response, err := f.client.Get("http://" + e.address + "/.crossgate/health")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("a node is not ready after %v: %w", startedWithin, err)
		}
	}
}

// stop ends the nodes.
func (f *processFleet) stop() (err error) {
	for _, e := range f.nodes {
		err = errors.Join(err, e.stop())
	}
	if f.api != nil {
		err = errors.Join(err, f.api.Close())
	}
	return errors.Join(err, os.RemoveAll(f.dir))
}

// load asks all nodes for so many decisions a second, until the returned function is
// called.
func (f *processFleet) load(perSecond int) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var doing sync.WaitGroup
	for _, e := range f.nodes {
		doing.Go(func() {
			tick := time.NewTicker(time.Second * time.Duration(len(f.nodes)) / time.Duration(perSecond))
			defer tick.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
					_, _ = f.lets(e, "stranger.example") // errors show in what is measured
				}
			}
		})
	}
	return func() {
		cancel()
		doing.Wait()
	}
}

// lets asks a node whether it lets an origin in.
func (f *processFleet) lets(e *engine, domain string) (bool, error) {
	request, err := http.NewRequest(http.MethodOptions, "http://"+e.address+"/api", nil)
	if err != nil {
		return false, err
	}
	request.Header.Set("Origin", "https://"+domain)
	request.Header.Set("Access-Control-Request-Method", http.MethodGet)
	response, err := f.client.Do(request)
	if err != nil {
		return false, err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent && response.StatusCode != http.StatusForbidden {
		return false, fmt.Errorf("the answer was %s", response.Status)
	}
	return response.StatusCode == http.StatusNoContent, nil
}

// change asks a node for a change, and returns its row in the log.
func (f *processFleet) change(e *engine, path string, body any) (int64, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequest(http.MethodPost, e.dashboard+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+f.key)
	request.Header.Set("Content-Type", "application/json")
	response, err := f.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode >= 300 {
		return 0, fmt.Errorf("%s: %s", response.Status, answer)
	}
	var made struct{ Change struct{ ID int64 } }
	return made.Change.ID, json.Unmarshal(answer, &made)
}

// timeChanges trusts an origin and takes that back, again and again, at each node in
// turn, and returns how long each took from the acknowledgement until every node decided
// by it.
func (f *processFleet) timeChanges(changes int, patient bool) (times []time.Duration, err error) {
	for len(times) < changes {
		e := f.nodes[f.changes%len(f.nodes)]
		f.changes++
		domain := fmt.Sprintf("changed-%d.example.net", f.changes)
		log, err := f.retried(e, "/domains", map[string]any{"domains": []string{domain}})
		if err != nil {
			return nil, err
		}
		took, err := f.awaitEverywhere(domain, true, patient)
		if err != nil {
			return nil, err
		}
		times = append(times, took)
		time.Sleep(betweenChanges)
		if _, err = f.retried(e, fmt.Sprintf("/audit/%d/undo", log), struct{}{}); err != nil {
			return nil, err
		}
		if took, err = f.awaitEverywhere(domain, false, patient); err != nil {
			return nil, err
		}
		times = append(times, took)
		time.Sleep(betweenChanges)
	}
	return times, nil
}

// retried is change, tried again where the database was away a moment ago.
func (f *processFleet) retried(e *engine, path string, body any) (log int64, err error) {
	for range 20 {
		if log, err = f.change(e, path, body); err == nil {
			return log, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return 0, err
}

// awaitEverywhere returns how long it takes until every node decides as it should: until
// the end of the first answer that says so.
func (f *processFleet) awaitEverywhere(domain string, allowed, patient bool) (time.Duration, error) {
	every := time.Duration(len(f.nodes)) * time.Millisecond / 4 // so many questions cost CPU, too
	if patient {
		every = 5 * time.Millisecond
	}
	acknowledged := time.Now()
	took, failed := make([]time.Duration, len(f.nodes)), make([]error, len(f.nodes))
	var waiting sync.WaitGroup
	for i, e := range f.nodes {
		waiting.Go(func() {
			for {
				is, err := f.lets(e, domain)
				took[i], failed[i] = time.Since(acknowledged), err
				if err != nil || is == allowed || took[i] > startedWithin {
					return
				}
				time.Sleep(every)
			}
		})
	}
	waiting.Wait()
	slowest := took[0]
	for _, t := range took {
		slowest = max(slowest, t)
	}
	return slowest, errors.Join(failed...)
}
