package fleet

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/crossgate/crossgate/e2e/internal/history"
)

// Three processes on one SQLite file keep every promise under load.
func TestOneFile(t *testing.T) {
	t.Parallel()
	h, wrong := busy(t, plan{databases: []string{filepath.Join(t.TempDir(), "crossgate.db")}})
	judge(t, h, wrong)
}

// busy keeps a fleet busy for a while, and returns what was seen of it.
func busy(t *testing.T, p plan) (h *history.History, wrong []string) {
	t.Helper()
	tr := startTraffic(newFleet(t, p))
	time.Sleep(load())
	return tr.end(), tr.wrong
}

// patientBound is the promise that a change is effective everywhere within a second, as
// a busy machine may keep it; bench/ has the figures.
const patientBound = 10 * time.Second

// judge fails the test where a promise was broken, and says how much was looked at.
func judge(t *testing.T, h *history.History, wrong []string) {
	t.Helper()
	for _, text := range wrong {
		t.Error(text)
	}
	found := append(history.Validate(h), history.Overdue(h, patientBound)...)
	for _, v := range found[:min(len(found), 10)] {
		t.Error(v)
	}
	report(t, h, len(found))
}
