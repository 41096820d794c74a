package explain

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/crossgate/crossgate/preflight"
)

func parsed(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

// checkReport checks what holds for every report.
func checkReport(t *testing.T, r Report) {
	t.Helper()
	for e, v := range r.Verdicts {
		blocking := slices.IndexFunc(r.Findings, func(f Finding) bool {
			return f.Code == v.Code && f.Severity == Blocks && (f.Engines == nil || slices.Contains(f.Engines, e))
		})
		switch {
		case (v.Outcome == Blocked || v.Outcome == Opaque) != (v.Code != ""), v.Code != "" && blocking < 0:
			t.Errorf("%s: verdict %v, findings %+v", e, v, r.Findings)
		}
	}
	for _, f := range r.Findings {
		if kinds[f.Code].code == "" || f.Severity != SeverityOf(f.Code) || f.Detail == "" || f.Fix == "" || f.Step == "" || strings.Contains(f.Detail, "(MISSING)") || strings.Contains(f.Detail, "(EXTRA") {
			t.Errorf("not complete: %+v", f)
		}
	}
	if (r.Verdict.Outcome == Readable) != (r.Sees.Type == TypeBasic || r.Sees.Type == TypeCORS) {
		t.Errorf("verdict %v, and the script sees %+v", r.Verdict, r.Sees)
	}
	if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), "secret") {
		t.Errorf("%v, %s", err, text)
	}
}

// No part of a call that can hold a secret is in the report, wherever it stands.
func TestReportHasNoSecrets(t *testing.T) {
	fields := [][2]string{
		{"Access-Control-Allow-Origin", oraclePage},
		{"Access-Control-Allow-Credentials", "true"},
		{"Access-Control-Allow-Headers", "*"},
		{"Set-Cookie", "sid=secret; Path=/secret; HttpOnly"},
		{"Set-Cookie", "secret"},
		{"X-Token", "secret"},
		{"ETag", "secret"},
		{"Location", "https://u:secret@b.example/x?code=secret&state#secret"},
		{"Access-Control-Max-Age", "cgt_secret"},
		{"Authorization", "secret"},
	}
	for _, status := range []int{200, 204, 302, 307, 404} {
		for _, credentials := range []bool{false, true} {
			for _, mode := range []preflight.Mode{preflight.ModeCORS, preflight.ModeNoCORS} {
				for _, target := range []string{"https://api.example.net/x?access_token=secret", "http://u:secret@192.168.0.1:25/cgt_secret/x?a=secret&cgk_secret#secret"} {
					r := Response{Status: status, Header: fields}
					checkReport(t, JudgeCall(Call{
						Request: preflight.Request{
							Method: "POST", Mode: mode, Body: preflight.BodyString, Headers: []preflight.Header{
								{Name: "Authorization", Value: "Bearer secret"}, {Name: "X-Key", Value: "secret"}, {Name: "Cookie", Value: "secret"}, {Name: "Accept", Value: "(secret)"},
							},
						},
						Origin: oraclePage, Target: parsed(target), Credentials: credentials,
						Preflight: &r, Response: &r, Redirects: []Hop{{Response: &r}},
					}))
				}
			}
		}
	}
}

// What a server sends can do nothing to the terminal that it is printed on.
func TestEvidenceIsPrintable(t *testing.T) {
	call := Call{
		Request: preflight.Request{Method: "GET"}, Origin: "https://app.example.com", Target: parsed("https://api.example.com/"),
		Response: &Response{Status: 200, Header: [][2]string{{"Access-Control-Allow-Origin", "\x1b[2J\u009b2J\x9b\x07\x7f"}}},
	}
	named := call
	named.Response = &Response{Status: 200, Header: [][2]string{{"Access-Control-Allow-Origin", "*"}, {"X-\u009b2J", "1"}, {"X-A", "1"}}}
	if hidden := JudgeCall(named).Sees.Hidden; !slices.Contains(hidden, "x-a") || strings.ContainsFunc(strings.Join(hidden, ""), unicode.IsControl) {
		t.Errorf("hidden are %q", hidden)
	}
	found := false
	for _, f := range JudgeCall(call).Findings {
		found = found || strings.Contains(f.Evidence, "?[2J?2J???")
		if strings.ContainsFunc(f.Detail+f.Evidence+f.Fix, unicode.IsControl) {
			t.Errorf("%s commands the terminal: %q %q %q", f.Code, f.Detail, f.Evidence, f.Fix)
		}
	}
	if !found {
		t.Error("the value is not in the evidence")
	}
}
