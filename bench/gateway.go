package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// warmUp is how long each engine is under load before anything is measured.
const warmUp = 500 * time.Millisecond

// compareGateway prints what a request costs the gateway, relative to a reverse proxy
// that does nothing but carry it.
func compareGateway(out io.Writer, o options) (err error) {
	if err := keepOff(cpuOfEngines); err != nil {
		return err
	}
	upstream, err := startUpstream()
	if err != nil {
		return err
	}
	defer upstream.Close()
	dir, err := os.MkdirTemp("", "crossgate-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	gateway, err := startGateway(dir, upstream.Addr().String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, gateway.stop()) }()
	proxy, err := startReverseProxy(upstream.Addr().String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, proxy.stop()) }()

	table := newTable("gateway: CPU per request, calibrated", "crossgate", "httputil.ReverseProxy", "ratio")
	for _, s := range scenarios() {
		if !o.only.MatchString(s.name) {
			continue
		}
		figures, err := compareScenario(s, gateway, proxy, o)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		table.add(s.name, figures.row()...)
	}
	return table.write(out)
}

// A comparison holds the rounds of one scenario: both sides measured right after one
// another, so that a disturbance mostly meets both.
type comparison struct{ ours, theirs, ratios []float64 }

func compareScenario(s scenario, gateway, proxy *engine, o options) (comparison, error) {
	answers := map[*engine]int{gateway: s.status, proxy: s.reverseProxySees}
	for e, status := range answers {
		if _, err := drive(e.address, s.request, status, warmUp); err != nil {
			return comparison{}, fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return interleave(o.rounds,
		func() (cost, error) { return gateway.cost(s.request, s.status, o.duration) },
		func() (cost, error) { return proxy.cost(s.request, s.reverseProxySees, o.duration) })
}

// interleave measures both sides of a ratio in turn, round by round.
func interleave(rounds int, ours, theirs func() (cost, error)) (c comparison, err error) {
	for round := range rounds {
		var costs [2]cost
		sides := []int{0, 1}
		if round%2 == 1 { // neither side is always the one that comes first
			sides = []int{1, 0}
		}
		for _, side := range sides {
			measure := [...]func() (cost, error){ours, theirs}[side]
			if costs[side], err = measure(); err != nil {
				return c, err
			}
		}
		c.add(costs[0], costs[1])
	}
	return c, nil
}

func (c *comparison) add(ours, theirs cost) {
	c.ours = append(c.ours, ours.micros)
	c.theirs = append(c.theirs, theirs.micros)
	c.ratios = append(c.ratios, ours.calibrated/theirs.calibrated)
}

func (c comparison) row() []string {
	return []string{
		fmt.Sprintf("%.1f µs", median(c.ours)),
		fmt.Sprintf("%.1f µs", median(c.theirs)),
		fmt.Sprintf("%.2f", median(c.ratios)),
	}
}

// A cost is the CPU time of one request: as it was, and in units of the calibration.
type cost struct{ micros, calibrated float64 }

// cost measures what a request costs the engine's process.
func (e *engine) cost(request string, status int, duration time.Duration) (cost, error) {
	unit := calibrate()
	before, err := cpuOf(e.process.Pid)
	if err != nil {
		return cost{}, err
	}
	answers, err := drive(e.address, request, status, duration)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", e.name, err)
	}
	after, err := cpuOf(e.process.Pid)
	if err != nil {
		return cost{}, err
	}
	unit = (unit + calibrate()) / 2
	each := float64(after-before) / float64(answers)
	return cost{micros: each / float64(time.Microsecond), calibrated: each / float64(unit)}, nil
}
