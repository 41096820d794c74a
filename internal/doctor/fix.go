package doctor

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// A Fix is what to do about a finding on one server.
type Fix struct {
	Server explain.Server `json:"server"` // "": on all of them
	Text   string         `json:"text"`
}

// fixesFor are the fixes of a finding with this request's own values in them; one of no
// server where all have the same.
func (r Report) fixesFor(code explain.FindingCode) []Fix {
	if r.Gateway != nil && r.Gateway.Reason == gate.OriginNotTrusted {
		return []Fix{{explain.Crossgate, "crossgate domain add " + domainOf(r.Origin) + ", or Trust beside it under Refused origins in the dashboard"}}
	}
	var fixes []Fix
	alike := true
	for _, server := range explain.Servers() {
		f := Fix{server, r.fixOn(server, code)}
		fixes = append(fixes, f)
		alike = alike && f.Text == fixes[0].Text
	}
	if alike {
		return []Fix{{"", fixes[0].Text}}
	}
	return fixes
}

// fixOn is the fix of a code's findings on a server.
func (r Report) fixOn(server explain.Server, code explain.FindingCode) string {
	return r.filled(server, code, explain.FixFor(code, server))
}

// filled puts the values of the request into the places of a fix.
func (r Report) filled(server explain.Server, code explain.FindingCode, fix string) string {
	quote := func(text string) string { return text }
	if server == explain.Express || server == explain.Go {
		quote = strconv.Quote
	}
	names := make([]string, 0, 4)
	for name := range strings.SplitSeq(r.asked, ",") {
		if name != "" && code != explain.HeadersHidden {
			names = append(names, quote(name))
		}
	}
	if len(names) == 0 {
		names = []string{"NAME"}
	}
	return strings.NewReplacer(
		`"ORIGIN"`, strconv.Quote(r.Origin), "ORIGIN", quote(r.Origin), "METHOD", quote(cmp.Or(r.Method, "METHOD")),
		"NAME", strings.Join(names, ", "), "DOMAIN", domainOf(r.Origin),
	).Replace(fix)
}

// domainOf is an origin as a Trusted Domain is usually typed.
func domainOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" {
		return origin
	}
	return u.Host
}

// Worst is the finding that is to be mended first: what blocks, then what is insecure,
// then what hides errors from the page.
func (r Report) Worst() (explain.Finding, bool) {
	if f, ok := r.Fails(); ok {
		return f, true
	}
	for _, severity := range []explain.Severity{explain.Insecure, explain.Blocks} {
		for _, f := range r.Findings {
			if f.Severity == severity {
				return f, true
			}
		}
	}
	return explain.Finding{}, false
}

// EngineNames are the engines as people know them.
var EngineNames = map[preflight.Engine]string{preflight.Chromium: "Chromium", preflight.Firefox: "Firefox", preflight.WebKit: "Safari"}
