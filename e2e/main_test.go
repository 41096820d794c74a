package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/crossgate"
)

// Made once for all tests: the built program, and the running browser.
var (
	binary  *crossgate.Binary
	browser *chromium.Browser
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "crossgate-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if binary, err = crossgate.Build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if browser, err = chromium.Start(chromium.Config{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer browser.Stop()
	defer stopFirefox()
	return m.Run()
}
