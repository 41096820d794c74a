package dashboard_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard"
	"github.com/crossgate/crossgate/internal/store"
)

// TestPrograms: what programs ask for is beside the pages: it needs no cookie and no
// proof of where it comes from, but the dashboard's own name.
func TestPrograms(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	service, err := control.New(control.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) })
	}
	d, err := dashboard.New(dashboard.Config{
		Control: service, Log: slog.New(slog.DiscardHandler), Management: named("api"), Metrics: named("metrics"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, url string
		status            int
		body              string
	}{
		{"the API", "GET", "http://127.0.0.1:8081/api/v1/domains", 200, "api"},
		{"the API, changing", "POST", "http://localhost:8081/api/v1/domains", 200, "api"},
		{"the API by another name", "GET", "http://rebound.example/api/v1/domains", 421, ""},
		{"metrics", "GET", "http://127.0.0.1:8081/metrics", 200, "metrics"},
		{"metrics by another name", "GET", "http://rebound.example/metrics", 421, ""},
		{"metrics, changing", "POST", "http://127.0.0.1:8081/metrics", 403, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			d.ServeHTTP(w, httptest.NewRequest(tt.method, tt.url, nil))
			if w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
				t.Errorf("answered %d %q", w.Code, w.Body)
			}
		})
	}
}
