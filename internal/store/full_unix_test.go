//go:build unix

package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// fileLimit is how long a file of the filling process may become, in bytes.
const fileLimit = 512 << 10

// fill adds entries until there is no room for more, and fails where that is not
// said plainly, or where reading ends with it.
func fill(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: fileLimit, Max: fileLimit}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	full := writeForever(path)
	if bad, ok := full.(*control.Error); !ok || !strings.HasPrefix(bad.Code, "database-") {
		return fmt.Errorf("no room gives: %w", full)
	}
	db, err := store.Open(context.Background(), path, store.Config{})
	if err != nil {
		return fmt.Errorf("opening a full one: %w", err)
	}
	c, err := control.New(control.Config{Store: db})
	if err != nil {
		return err
	}
	_, _, err = c.Domains(context.Background(), control.ListQuery{})
	return err
}

// Where there is no room, changes are refused and what was acknowledged stays.
func TestNoRoom(t *testing.T) {
	path := newPath(t)
	var out bytes.Buffer
	cmd := process(t, roleFill, path)
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	acknowledged := strings.Fields(out.String())
	c := service(t, open(t, path))
	_, total, err := c.Domains(t.Context(), control.ListQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if len(acknowledged) == 0 || total != len(acknowledged) {
		t.Errorf("%d entries were acknowledged, %d are there", len(acknowledged), total)
	}
	add(t, c, "more.example.com") // with room again
}
