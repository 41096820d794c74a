package observe_test

import (
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/observe"
)

func newMetrics(t testing.TB) *observe.Metrics {
	t.Helper()
	m, err := observe.NewMetrics(observe.MetricsConfig{
		Reasons: []string{"trusted", "origin-not-trusted", "upstream-timeout"}, Upstream: []string{"upstream-timeout"},
		Carriers: []string{"query"}, Version: "v1.2.3",
		State: func() observe.State {
			return observe.State{Ready: true, Revision: 7, Since: time.Now(), Domains: 3, Tokens: 2}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func scrape(t *testing.T, m *observe.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestMetrics(t *testing.T) {
	m := newMetrics(t)
	for _, s := range []observe.Sample{
		{Method: "GET", Status: 200, Reason: "trusted", Duration: 3 * time.Millisecond},
		{Method: "GET", Status: 204, Reason: "trusted"},
		{Method: "OPTIONS", Status: 204, Reason: "trusted", Preflight: true, Granted: true},
		{Method: "OPTIONS", Status: 403, Reason: "origin-not-trusted", Preflight: true},
		{Method: "POST", Status: 200, Reason: "trusted", Carrier: "query"},
		{Method: "POST", Status: 504, Reason: "upstream-timeout"},
		{Method: "BREW", Reason: "https://evil.example"},
		{Method: "GET", Status: 101, Reason: "trusted", Duration: time.Hour},
	} {
		m.Begin()
		m.End(&s)
	}
	m.Begin()
	m.SignedIn(observe.ByPassword, "wrong-credentials")
	m.SignedIn(observe.ByKey, "a surprise")
	m.Connected("gateway", 1)
	got := scrape(t, m)
	for _, line := range []string{
		`crossgate_requests_total{method="read",reason="trusted",status="2xx"} 2`,
		`crossgate_requests_total{method="options",reason="origin-not-trusted",status="4xx"} 1`,
		`crossgate_requests_total{method="other",reason="other",status="none"} 1`,
		`crossgate_request_duration_seconds_count 7`,
		`crossgate_requests_in_flight 1`,
		`crossgate_preflights_total{result="granted"} 1`,
		`crossgate_preflights_total{result="refused"} 1`,
		`crossgate_unwrapped_total{carrier="query"} 1`,
		`crossgate_upstream_errors_total{reason="upstream-timeout"} 1`,
		`crossgate_sign_ins_total{by="password",result="wrong-credentials"} 1`,
		`crossgate_sign_ins_total{by="key",result="other"} 1`,
		`crossgate_connections{listener="gateway"} 1`,
		`crossgate_ready 1`, `crossgate_snapshot_revision 7`, `crossgate_trusted_domains 3`, `crossgate_access_tokens 2`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(got, "evil") || strings.Contains(got, "surprise") || strings.Contains(got, "BREW") {
		t.Error("something that a client chose became a label")
	}
}

// TestLabelsAreClosedSets: there are these labels and no others.
func TestLabelsAreClosedSets(t *testing.T) {
	m := newMetrics(t)
	m.End(&observe.Sample{Method: "GET", Status: 200, Reason: "trusted"})
	m.Connected("gateway", 1)
	known := map[string]bool{
		"reason": true, "method": true, "status": true, "result": true, "carrier": true,
		"listener": true, "by": true, "version": true, "go_version": true, "le": true,
	}
	for _, line := range regexp.MustCompile(`(?m)^crossgate_\w+\{(.*)\}`).FindAllStringSubmatch(scrape(t, m), -1) {
		for _, label := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(line[1], -1) {
			if !known[label[1]] {
				t.Errorf("label %s in %s", label[1], line[0])
			}
		}
	}
}

func TestCountingAllocatesNothing(t *testing.T) {
	m := newMetrics(t)
	s := observe.Sample{Method: "GET", Status: 200, Reason: "trusted", Carrier: "query", Duration: time.Millisecond}
	if n := testing.AllocsPerRun(100, func() { m.Begin(); m.End(&s) }); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
}

func TestNoMetrics(t *testing.T) {
	var m *observe.Metrics
	m.Begin()
	m.End(&observe.Sample{})
	m.SignedIn(observe.ByKey, "ok")
	m.Connected("gateway", 1)
	if _, err := observe.NewMetrics(observe.MetricsConfig{}); err == nil {
		t.Error("metrics of nothing")
	}
}

func BenchmarkCount(b *testing.B) {
	m := newMetrics(b)
	s := observe.Sample{Method: "GET", Status: 200, Reason: "trusted", Duration: time.Millisecond}
	b.ReportAllocs()
	for b.Loop() {
		m.Begin()
		m.End(&s)
	}
}
