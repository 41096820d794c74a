package main

import (
	"flag"
	"fmt"
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
	duration time.Duration
	only     *regexp.Regexp // names of what is measured
}

func run(args []string) error {
	if len(args) == 3 && args[0] == reverseProxyCommand {
		return serveReverseProxy(args[1], args[2])
	}
	o := options{only: regexp.MustCompile("")}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.part, "part", "all", "what to measure: gateway, library or all")
	flags.IntVar(&o.rounds, "rounds", 25, "how often each figure is measured, in turn with the others; the median counts")
	flags.DurationVar(&o.duration, "duration", 300*time.Millisecond, "how long the gateway is under load for one figure")
	flags.Func("only", "measure what has a name that this `pattern` matches", func(pattern string) (err error) {
		o.only, err = regexp.Compile(pattern)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.part != "gateway" {
		if err := compareLibraries(os.Stdout, o); err != nil {
			return err
		}
	}
	if o.part != "library" {
		return compareGateway(os.Stdout, o)
	}
	return nil
}
