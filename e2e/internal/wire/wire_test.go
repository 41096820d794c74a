package wire_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/wire"
)

func TestTapCountsByConnectionAndChangesNothing(t *testing.T) {
	var bodies []string
	var tap *wire.Tap
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := new(strings.Builder)
		r.Write(body)
		bodies = append(bodies, body.String())
		if counted := len(tap.Requests("/things")); counted != len(bodies) {
			t.Errorf("%d requests have arrived, and %d were counted", len(bodies), counted)
		}
	}))
	defer server.Close()
	tap = wire.NewTap(t, server.URL)

	for _, body := range []string{"one", "two"} {
		response, err := http.Post(tap.URL+"/things?page=2", "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}

	seen := tap.Requests("/things")
	if len(seen) != 2 || seen[0].Connection != 1 || seen[1].Connection != 1 {
		t.Fatalf("saw %+v, want two requests on connection 1", seen)
	}
	if len(bodies) != 2 || !strings.HasSuffix(bodies[1], "\r\n\r\ntwo") {
		t.Errorf("the server read %q", bodies)
	}
}
