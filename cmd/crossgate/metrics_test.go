package main

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/observe"
)

// exported returns the help of every metric of a node, by name.
func exported(t *testing.T) map[string]string {
	t.Helper()
	m, err := newMetrics(func() observe.State { return observe.State{} })
	if err != nil {
		t.Fatal(err)
	}
	m.End(&observe.Sample{Method: "GET", Status: 200, Reason: "trusted"}) // what has no value yet is not listed
	m.Connected("gateway", 1)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	all := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^# HELP (\S+) (.*)$`).FindAllStringSubmatch(w.Body.String(), -1) {
		all[line[1]] = line[2]
	}
	return all
}

// TestGrafanaNamesMetrics: the dashboard for Grafana asks for metrics that there are,
// and shows each of ours but the age, which is for alerts.
func TestGrafanaNamesMetrics(t *testing.T) {
	text, err := os.ReadFile("../../deploy/grafana/crossgate.json")
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(text) {
		t.Fatal("the file is not JSON")
	}
	all := exported(t)
	asked := map[string]bool{}
	for _, name := range regexp.MustCompile(`\b(?:crossgate|go|process)_[a-z_]+\b`).FindAllString(string(text), -1) {
		name = strings.TrimSuffix(name, "_bucket")
		asked[name] = true
		if all[name] == "" && name != "go_version" {
			t.Errorf("the dashboard asks for %s, and there is no such metric", name)
		}
	}
	for name := range all {
		if strings.HasPrefix(name, "crossgate_") && !asked[name] && name != "crossgate_snapshot_age_seconds" {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

// TestMetricsAreDescribed: the reference has each of our metrics, with its help.
func TestMetricsAreDescribed(t *testing.T) {
	page, err := os.ReadFile("../../docs/reference/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(crossgate_\\w+)` \\| [^|]* \\| (.*) \\|$").FindAllStringSubmatch(string(page), -1) {
		described[row[1]] = row[2]
	}
	all := exported(t)
	maps.DeleteFunc(all, func(name, _ string) bool { return !strings.HasPrefix(name, "crossgate_") })
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if described[name] != all[name] {
			t.Errorf("%s is described as %q, and says %q", name, described[name], all[name])
		}
		delete(described, name)
	}
	for name := range described {
		t.Errorf("%s is described, and there is no such metric", name)
	}
}
