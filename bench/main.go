package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are what a person may choose of a run.
type options struct {
	part     string
	rounds   int
	nodes    int // of the simulated fleet
	duration time.Duration
	only     *regexp.Regexp // names of what is measured
}

func run(args []string) error {
	if len(args) == 3 && args[0] == reverseProxyCommand {
		return serveReverseProxy(args[1], args[2])
	}
	if len(args) == 4 && args[0] == inspectedCommand {
		return serveInspected(args[1], args[2], args[3])
	}
	o := options{only: regexp.MustCompile("")}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.part, "part", "all", "what to measure: library, gateway, envelope, inspector, large, dashboard, propagation, fleet, size or all")
	flags.IntVar(&o.rounds, "rounds", 25, "how often each figure is measured, in turn with the others; the median counts")
	flags.IntVar(&o.nodes, "nodes", 1000, "how many nodes the fleet has")
	flags.DurationVar(&o.duration, "duration", 300*time.Millisecond, "how long the gateway is under load for one figure")
	flags.Func("only", "measure what has a name that this `pattern` matches", func(pattern string) (err error) {
		o.only, err = regexp.Compile(pattern)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	return measureParts(o)
}

// parts are what can be measured, in the order of "all".
var parts = []struct {
	name    string
	measure func(io.Writer, options) error
	named   bool // measured only where it is named: it takes long, and the whole machine
}{
	{name: "library", measure: compareLibraries},
	{name: "gateway", measure: compareGateway},
	{name: "envelope", measure: compareEnvelopes},
	{name: "inspector", measure: compareInspector},
	{name: "large", measure: streamLarge},
	{name: "dashboard", measure: timeDashboard},
	{name: "propagation", measure: timePropagation, named: true},
	{name: "fleet", measure: simulateFleet, named: true},
	{name: "size", measure: measureSize, named: true},
}

// measureParts prints the tables of the parts that were asked for.
func measureParts(o options) error {
	known := o.part == "all"
	for _, part := range parts {
		if o.part != part.name && (o.part != "all" || part.named) {
			continue
		}
		known = true
		if err := part.measure(os.Stdout, o); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	if !known {
		return fmt.Errorf("there is no part %q; say library, gateway, envelope, inspector, large, dashboard, propagation, fleet, size or all", o.part)
	}
	return nil
}
