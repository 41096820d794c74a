package main

import (
	"errors"
	"flag"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	testscript.Main(withServers{m}, map[string]func(){"crossgate": main, hasty: hastyMain})
}

// withServers runs the tests, and ends the PostgreSQL server that they have started.
type withServers struct{ m *testing.M }

func (w withServers) Run() int { return pgtest.Main(w.m) }

// TestScripts runs testdata/script/*.txt: the program as a person at a terminal, or a
// script, meets it.
func TestScripts(t *testing.T) { testscript.Run(t, scripts(t)) }

// scripts are all scripts, and what they may use.
func scripts(t *testing.T) testscript.Params {
	return testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":       exits,
			"start":       start,
			"stop":        unstarted,
			"link":        unstarted,
			"fetch":       fetch,
			"post":        post,
			"eventually":  eventually,
			"capture":     capture,
			"api":         startAPI,
			"occupy":      occupy,
			"certificate": certificate,
			"postgres":    func(ts *testscript.TestScript, neg bool, args []string) { postgres(t, ts, neg, args) },
		},
	}
}

// postgres makes an empty PostgreSQL database, and sets a variable to its address:
// postgres NAME
func postgres(t *testing.T, ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: postgres NAME")
	}
	ts.Setenv(args[0], pgtest.NewDatabase(t))
}

// exits runs a command and wants its exit code: exits CODE COMMAND [ARGUMENT]...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT]...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// capture sets a variable to the first group of a pattern in the last standard output:
// capture NAME PATTERN
func capture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: capture NAME PATTERN")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("no match for %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}
