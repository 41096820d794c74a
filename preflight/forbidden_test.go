package preflight_test

import (
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

// Fetch standard, section 2.2.2, "forbidden request-header".
func TestIsForbiddenHeader(t *testing.T) {
	tests := []struct {
		header, value string
		want          bool
	}{
		{"Cookie", "", true},
		{"HOST", "", true},
		{"dnt", "1", true},
		{"Set-Cookie", "", true},
		{"Set-Cookie2", "", false},
		{"Cookies", "", false},
		{"Sec-", "", true},
		{"sec-fetch-mode", "cors", true},
		{"Sec", "", false},
		{"Proxy-Authorization", "", true},
		{"Proxy", "", false},
		{"User-Agent", "", false},
		{"Authorization", "", false},
		{"Access-Control-Request-Private-Network", "", false},

		// These are forbidden only where they name a forbidden method, as a list.
		{"X-HTTP-Method-Override", "PATCH", false},
		{"X-HTTP-Method-Override", "trace", true},
		{"x-http-method", "PATCH, \tTrack ", true},
		{"X-Method-Override", ",,connect", true},
		{"X-Method-Override", `"TRACE"`, false},
		{"X-Method-Override", `"a, TRACE, b", PATCH`, false},
		{"X-Method-Override", `"a\", TRACE`, false},
		{"X-Method-Override", `"a", TRACE`, true},
		{"X-Method-Override", `"a"TRACE`, false},
		{"X-Method-Override", `"\`, false},
		{"X-Method-Override", "TRACES", false},
		{"X-HTTP-Method-Overrides", "TRACE", false},
	}
	for _, tt := range tests {
		t.Run(tt.header+" "+tt.value, func(t *testing.T) {
			if got := preflight.IsForbiddenHeader(tt.header, tt.value); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
