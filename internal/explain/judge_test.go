package explain_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

const api = "https://api.example.net/items"

// answer makes a response of a status and of lines "Name: value".
func answer(status int, lines ...string) *explain.Response {
	r := &explain.Response{Status: status}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header = append(r.Header, [2]string{name, value})
	}
	return r
}

// at parses an address of a test.
func at(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

// verdictOf writes a verdict as text.
func verdictOf(v explain.Verdict) string {
	return strings.TrimSpace(string(v.Outcome) + " " + string(v.Code))
}

// The CORS check (Fetch standard, "CORS check"): byte by byte, one value, * without
// credentials alone, and true in lower case.
func TestCORSCheck(t *testing.T) {
	const acao, acac = "Access-Control-Allow-Origin: ", "Access-Control-Allow-Credentials: "
	tests := []struct {
		name        string
		credentials bool
		lines       []string
		want        string
	}{
		{"the page's origin", false, []string{acao + page}, "readable"},
		{"anybody", false, []string{acao + "*"}, "readable"},
		{"nothing", false, nil, "blocked allow-origin-missing"},
		{"empty", false, []string{acao}, "blocked allow-origin-invalid"},
		{"twice the same", false, []string{acao + page, acao + page}, "blocked allow-origin-doubled"},
		{"twice anybody", false, []string{acao + "*", acao + "*"}, "blocked allow-origin-doubled"},
		{"a list", false, []string{acao + page + ", https://b.example"}, "blocked allow-origin-list"},
		{"a list with blanks", false, []string{acao + page + " https://b.example"}, "blocked allow-origin-list"},
		{"a slash", false, []string{acao + page + "/"}, "blocked allow-origin-slash"},
		{"capitals", false, []string{acao + "https://App.example.com"}, "blocked allow-origin-case"},
		{"another scheme", false, []string{acao + "http://app.example.com"}, "blocked allow-origin-scheme"},
		{"another port", false, []string{acao + page + ":8443"}, "blocked allow-origin-port"},
		{"a port that browsers leave out", false, []string{acao + page + ":443"}, "blocked allow-origin-port"},
		{"null", false, []string{acao + "null"}, "blocked allow-origin-null"},
		{"a pattern", false, []string{acao + "https://*.example.com"}, "blocked allow-origin-pattern"},
		{"a host", false, []string{acao + "app.example.com"}, "blocked allow-origin-invalid"},
		{"another page", false, []string{acao + "https://b.example"}, "blocked allow-origin-mismatch"},
		{"credentials", true, []string{acao + page, acac + "true"}, "readable"},
		{"credentials and anybody", true, []string{acao + "*", acac + "true"}, "blocked allow-origin-wildcard"},
		{"credentials that are not allowed", true, []string{acao + page}, "blocked allow-credentials-missing"},
		{"True", true, []string{acao + page, acac + "True"}, "blocked allow-credentials-value"},
		{"true twice", true, []string{acao + page, acac + "true", acac + "true"}, "blocked allow-credentials-value"},
		{"credentials allowed and not asked for", false, []string{acao + page, acac + "True"}, "readable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := explain.JudgeCall(explain.Call{
				Request: preflight.Request{}, Origin: page, Target: at(api), Credentials: tt.credentials, Response: answer(200, tt.lines...),
			})
			if verdictOf(got.Verdict) != tt.want {
				t.Errorf("got %q, want %q", verdictOf(got.Verdict), tt.want)
			}
			for e, v := range got.Verdicts {
				if v != got.Verdict {
					t.Errorf("%s: %v", e, v)
				}
			}
		})
	}
}
