package fleet

import (
	"slices"
	"testing"
	"time"

	"github.com/crossgate/crossgate/e2e/internal/history"
)

// report says how much was looked at, and how long changes took to be effective.
func report(t *testing.T, h *history.History, violations int) {
	t.Helper()
	var lags []time.Duration
	for _, lag := range history.Lags(h) {
		lags = append(lags, lag.Lag)
	}
	slices.Sort(lags)
	acknowledged := 0
	for _, c := range h.Changes {
		if c.Acknowledged {
			acknowledged++
		}
	}
	t.Logf("%d decisions, %d changes, %d of them acknowledged: %d violations", len(h.Seen), len(h.Changes), acknowledged, violations)
	if len(lags) > 0 {
		t.Logf("seen undone after the acknowledgement for: median %v, 99%% %v, at most %v", lags[len(lags)/2], lags[len(lags)*99/100], lags[len(lags)-1])
	}
}
