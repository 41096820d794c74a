package gateway

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/observe"
)

// TestMetricsOfTheGateway: each request is counted once, as what it was, and nothing of
// it becomes a label.
func TestMetricsOfTheGateway(t *testing.T) {
	m, err := observe.NewMetrics(observe.MetricsConfig{
		Reasons: Reasons(), Upstream: UpstreamReasons(), Carriers: Carriers(),
		State: func() observe.State { return observe.State{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, rigConfig{config: func(c *Config) { c.Metrics = m }, site: func(c *gate.SiteConfig) { c.Policy.TokenRequired = false }})
	for _, one := range []struct{ method, path, origin, ask string }{
		{"GET", "/canary-path", trustedOrigin, ""},
		{"GET", "/canary-path?access_token=canary-token", trustedOrigin, ""},
		{"GET", "/", untrustedOrigin, ""},
		{"OPTIONS", "/", trustedOrigin, "PUT"},
		{"OPTIONS", "/", untrustedOrigin, "PUT"},
		{"GET", "/.crossgate/health", "", ""},
		{"GET", "/.crossgate/nothing", "", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), one.method, r.server.URL+one.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Origin": one.origin, "Access-Control-Request-Method": one.ask} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		res, err := r.server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	for _, w := range wrappings {
		_ = bodyOf(t, r.enclose(w, "/", "$httpMethod", "GET", "access_token", "canary-token"))
	}
	_ = bodyOf(t, r.askTicket(trustedOrigin, "access_token", "canary-token"))
	_ = bodyOf(t, r.ask("GET", ownPrefix+"client.js"))
	r.server.Close() // and so all of them have ended
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	got := w.Body.String()
	for _, line := range []string{
		`crossgate_requests_total{method="read",reason="trusted",status="2xx"} 4`,
		`crossgate_requests_total{method="read",reason="origin-not-trusted",status="4xx"} 1`,
		`crossgate_requests_total{method="options",reason="trusted",status="2xx"} 1`,
		`crossgate_requests_total{method="read",reason="health",status="2xx"} 1`,
		`crossgate_requests_total{method="read",reason="not-found",status="4xx"} 1`,
		`crossgate_request_duration_seconds_count 11`,
		`crossgate_requests_in_flight 0`,
		`crossgate_preflights_total{result="granted"} 1`,
		`crossgate_preflights_total{result="refused"} 1`,
		`crossgate_unwrapped_total{carrier="query"} 1`,
		`crossgate_unwrapped_total{carrier="form"} 1`,
		`crossgate_unwrapped_total{carrier="multipart"} 1`,
		`crossgate_requests_total{method="write",reason="ticket-unsupported",status="4xx"} 1`,
		`crossgate_requests_total{method="read",reason="client",status="2xx"} 1`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	for _, canary := range []string{"canary", "example.com", "evil", "/.crossgate"} {
		if strings.Contains(got, canary) {
			t.Errorf("%s is in the metrics", canary)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}
