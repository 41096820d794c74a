package store_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// process is this test binary in another role.
func process(t *testing.T, role, path string) *exec.Cmd {
	t.Helper()
	// Whatever goes wrong, no process outlives the test for long.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, fileVariable+"="+path)
	cmd.Stderr = os.Stderr
	return cmd
}

// Several processes that open the same new file must all find a whole schema.
func TestProcessesRaceToMakeTheFile(t *testing.T) {
	path := newPath(t)
	var racers []*exec.Cmd
	for range 4 {
		cmd := process(t, roleOpen, path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		racers = append(racers, cmd)
	}
	for i, cmd := range racers {
		if err := cmd.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
	if db := open(t, path); db.Created() {
		t.Error("after four processes made the records they were made again")
	}
}

// What was acknowledged survives kill -9 (promise P3), with its audit row (P8).
func TestKilledWhileWriting(t *testing.T) {
	const kills, acknowledged = 5, 10
	path := newPath(t)
	var want []string
	for range kills {
		want = append(want, writeUntilKilled(t, path, acknowledged)...)
	}
	db := open(t, path)
	c := service(t, db)
	for _, entry := range want {
		if _, err := c.FindDomain(t.Context(), entry); err != nil {
			t.Errorf("%s was acknowledged and is lost: %v", entry, err)
		}
	}
	_, total, err := c.Domains(t.Context(), control.ListQuery{})
	if err != nil {
		t.Fatal(err)
	}
	audited, head := journal(t, db)
	if len(audited) != total || head.Revision != int64(total) {
		t.Errorf("%d entries, %d audit rows, revision %d: want as many of each", total, len(audited), head.Revision)
	}
}

// writeUntilKilled kills a writing process after some acknowledgements, and
// returns all that it got out.
func writeUntilKilled(t *testing.T, path string, after int) []string {
	t.Helper()
	cmd := process(t, roleWrite, path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		got = append(got, lines.Text())
		if len(got) == after {
			cmd.Process.Kill()
		}
	}
	if cmd.Wait() == nil || len(got) < after {
		t.Fatalf("the writer ended by itself after %d entries", len(got))
	}
	return got
}

// journal reads the audit log and the head.
func journal(t *testing.T, s control.Store) (audited []control.Change, head control.Head) {
	t.Helper()
	err := s.View(t.Context(), func(r control.Reader) (err error) {
		if head, err = r.Head(); err != nil {
			return err
		}
		audited, err = r.Changes(control.DefaultSiteID, control.ListQuery{Limit: control.MaxPage})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return audited, head
}
