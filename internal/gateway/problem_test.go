package gateway

import (
	"os"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
)

// Every code that is found here has a place in the reference, where the type of its
// problem document points.
func TestCodesAreInTheReference(t *testing.T) {
	reference, err := os.ReadFile("../../docs/reference/problems.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*gate.Problem{
		problemMethod, problemHeaders, gate.ProblemOf(gate.BodyTooLarge), gate.ProblemOf(gate.BodyMalformed), gate.ProblemOf(gate.BodySlow), problemNotFound, problemNotReady,
		problemUnreachable, problemTimeout, problemInvalid, gate.ProblemOf(gate.RedirectBlocked), problemInternal, malformed(""),
	} {
		if !strings.Contains(string(reference), "\n### "+string(p.Code)+"\n") {
			t.Errorf("%s is not described", p.Code)
		}
	}
}

// The access log says why, for each way to end.
func TestAccessLogSaysWhy(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, tt := range []struct{ request, says string }{
		{"GET /a?b=c HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\r\n\r\n", "path=/a status=200 reason=trusted"},
		{"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "path=/ status=200 reason=no-origin"},
		{"GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n", "status=403 reason=origin-not-trusted"},
		{"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", "status=405 reason=method-unsupported"},
		{"GET /.crossgate/health HTTP/1.1\r\nHost: localhost\r\n\r\n", "status=200 reason=health"},
	} {
		r.raw(tt.request)
		if err := r.flush(); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(r.access.String()), "\n")
		if last := lines[len(lines)-1]; !strings.Contains(last, tt.says) || strings.Contains(last, "b=c") {
			t.Errorf("%q does not say %q", last, tt.says)
		}
	}
}
