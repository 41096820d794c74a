// Crossgate lets the web pages that are trusted call an HTTP API from the
// browser, and nobody else's, without the preflight.
//
// This is the one binary: the gateway, its dashboard and its command line.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted is the cause of an end that a person asked for, with Ctrl-C.
var errInterrupted = errors.New("interrupted")

func main() {
	ctx, stop := context.WithCancelCause(context.Background())
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		// The first signal asks to finish; a second one ends the program as usual.
		if <-asked == syscall.SIGINT {
			stop(errInterrupted)
		}
		stop(nil)
		signal.Stop(asked)
	}()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
