package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// The exit codes. Scripts rely on them.
const (
	exitDone   = 0 // done, or yes
	exitNo     = 1 // refused, not trusted, not found
	exitUsage  = 2 // wrong use
	exitFailed = 3 // could not be done: database, network
)

var (
	// errNo ends with exitNo where everything has been said on standard output.
	errNo = errors.New("no")
	// errHelped ends with exitDone: help was asked for and given.
	errHelped = errors.New("help was given")
)

// A failure is an error with the exit code that it ends the program with.
type failure struct {
	exit   int
	text   string // what was wrong, with what
	advice string // what to do, or ""
	cause  error
}

func (f *failure) Error() string {
	if f.cause == nil {
		return f.text
	}
	return f.text + ": " + f.cause.Error()
}

func (f *failure) Unwrap() error { return f.cause }

// wrongUse is a mistake on the command line of a command, or of none.
func wrongUse(name, text string) *failure {
	return &failure{exit: exitUsage, text: text, advice: helpAdvice(name)}
}

func helpAdvice(name string) string {
	return strings.TrimSpace("see: crossgate help " + name)
}

// cannot is something that could not be done, for a reason outside the command line.
func cannot(text string, cause error) *failure {
	return &failure{exit: exitFailed, text: "cannot " + text, cause: cause}
}

// report tells a person what went wrong and returns the exit code.
func report(w io.Writer, style style, err error) int {
	exit, text, advice := verdict(err)
	if text == "" {
		return exit
	}
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintf(w, "%s %s\n", style.red("crossgate:"), line)
	}
	if advice != "" {
		fmt.Fprintf(w, "  %s\n", advice)
	}
	return exit
}

// verdict says how an error ends the program: with which code, and what to say.
func verdict(err error) (exit int, text, advice string) {
	var (
		fail    *failure
		refused *control.Error
	)
	switch {
	case err == nil, errors.Is(err, errHelped):
		return exitDone, "", ""
	case errors.Is(err, errNo):
		return exitNo, "", ""
	case errors.As(err, &fail):
		return fail.exit, fail.Error(), fail.advice
	case errors.As(err, &refused):
		return exitOf(refused), refused.Message, ""
	case errors.Is(err, context.Canceled):
		return exitFailed, "interrupted before it was done", ""
	}
	return exitFailed, err.Error(), ""
}

// exitOf tells a refusal from wrong use and from a database that cannot be used.
func exitOf(e *control.Error) int {
	switch {
	case strings.HasPrefix(e.Code, "database-"), e.Code == store.CodeBackup, e.Code == control.CodeSavedNotLive, e.Code == control.CodeSecretSealed:
		return exitFailed
	case e.Code == control.CodeInvalid:
		return exitUsage
	}
	return exitNo
}
