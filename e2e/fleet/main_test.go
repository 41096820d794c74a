package fleet

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const (
	patience  = 60 * time.Second // how long a test waits for what must come; none passes by its running out
	pollEvery = 10 * time.Millisecond
	module    = "../.." // the program's
	atOnce    = "4"     // tests: most of what they do is to wait
)

var (
	binaries string // where programs are built
	program  string // crossgate
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "crossgate-fleet-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binaries, program = dir, filepath.Join(dir, "crossgate")
	if err := build(program); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// build builds the program.
func build(into string, flags ...string) error {
	command := exec.Command("go", append(append([]string{"build", "-o", into}, flags...), "./cmd/crossgate")...)
	command.Dir = module
	if printed, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building crossgate: %w\n%s", err, printed)
	}
	return nil
}

// load is how long a test keeps a fleet busy.
func load() time.Duration {
	if os.Getenv("PROVE") == "long" {
		return 2 * time.Minute
	}
	return 4 * time.Second
}

// await waits until something is so.
func await(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to be: %s", what)
		}
	}
}
