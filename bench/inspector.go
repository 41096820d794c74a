package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/crossgate/crossgate/internal/inspect"
)

const (
	goalInspected = 1.03      // CPU per request with the Inspector, relative to without
	floodOrigins  = 1_000_000 // each of them seen once

	// The difference is small: it takes more rounds than the others to see it at all.
	// They are shorter, so that a disturbance meets both sides.
	inspectorRounds   = 8
	inspectorDuration = 3
)

// compareInspector prints what the Inspector costs the gateway: CPU per request, and
// memory once as much is remembered as ever will be.
func compareInspector(out io.Writer, o options) (err error) {
	if err := keepOff(cpuOfEngines); err != nil {
		return err
	}
	upstream, err := startUpstream()
	if err != nil {
		return err
	}
	defer upstream.Close()
	with, without, err := startInspected(upstream.Addr().String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, with.stop()) }()
	o.rounds, o.duration = o.rounds*inspectorRounds, o.duration/inspectorDuration
	table := newTable("gateway: CPU per request, calibrated", "with the Inspector", "without", "ratio", "goal")
	for _, s := range scenarios() {
		if !o.only.MatchString(s.name) {
			continue
		}
		s.reverseProxySees = s.status
		s.name, _, _ = strings.Cut(s.name, " (")
		figures, err := compareScenario(s, with, without, o)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		row := figures.row()
		row[2] = fmt.Sprintf("%.3f", median(figures.ratios))
		table.add(s.name, append(row, fmt.Sprintf("≤ %.2f", goalInspected))...)
	}
	if err := table.write(out); err != nil {
		return err
	}
	return floodInspector(out, o, with, without)
}

// startInspected starts this program again, as a gateway with and without the Inspector:
// one process that listens twice.
func startInspected(upstream string) (with, without *engine, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	var addresses [2]string
	for i := range addresses {
		if addresses[i], err = freeAddress(); err != nil {
			return nil, nil, err
		}
	}
	with, err = start("gateway", addresses[0], exec.Command(self, inspectedCommand, addresses[0], addresses[1], "http://"+upstream))
	if err != nil {
		return nil, nil, err
	}
	return with, &engine{name: "gateway without the Inspector", address: addresses[1], process: with.process}, nil
}

// floodInspector sends both a flood of invented origins, methods and paths, first
// without the Inspector, and prints the memory of the process after each.
func floodInspector(out io.Writer, o options, with, without *engine) error {
	const name = "memory after a flood of origins"
	if !o.only.MatchString(name) {
		return nil
	}
	table := newTable(fmt.Sprintf("gateway: memory (RSS) after %d origins, each seen once", floodOrigins), "", "more", "bound")
	last, err := with.memory("VmRSS")
	if err != nil {
		return err
	}
	table.add("before", megabytes(last), "", "")
	for _, side := range []struct {
		name, bound string
		engine      *engine
	}{
		{"without the Inspector", "", without},
		{"and with it", fmt.Sprintf("≤ %.1f MB of heap", float64(inspect.MaxBytes)/1e6), with},
	} {
		if err := flood(side.engine.address); err != nil {
			return fmt.Errorf("%s: %w", side.name, err)
		}
		now, err := side.engine.memory("VmRSS")
		if err != nil {
			return err
		}
		table.add(side.name, megabytes(now), megabytes(now-last), side.bound)
		last = now
	}
	return table.write(out)
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

// flood sends floodOrigins requests, each with an origin and a path of its own; every
// other one is a preflight. All of them are refused.
func flood(address string) error {
	var workers sync.WaitGroup
	failures := make([]error, connections)
	for worker := range connections {
		workers.Go(func() { failures[worker] = floodOne(address, worker) })
	}
	workers.Wait()
	return errors.Join(failures...)
}

func floodOne(address string, worker int) error {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for i := worker; i < floodOrigins; i += connections {
		method, fields := http.MethodGet, ""
		if i%2 == 1 {
			method, fields = http.MethodOptions, fmt.Sprintf("Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-%d\r\n", i)
		}
		request := browserRequest(method, fmt.Sprintf("/api/v2/%d/discussions", i), fmt.Sprintf("https://invented-%d.example.net", i), fields, "")
		if _, err := io.WriteString(connection, request); err != nil {
			return err
		}
		answer, err := skipMessage(reader)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(answer.first, "HTTP/1.1 403 ") {
			return fmt.Errorf("the answer was %q, not 403", answer.first)
		}
	}
	return nil
}
