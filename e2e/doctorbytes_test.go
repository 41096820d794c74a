package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/wire"
)

// doctorCalls are calls as a script makes them, and as crossgate doctor is told of them.
var doctorCalls = []struct {
	name   string // and the path
	script string // the second argument of fetch
	flags  []string
}{
	{"get", `{}`, nil},
	{"head", `{method: "HEAD"}`, []string{"-X", "HEAD"}},
	{"post", `{method: "POST", body: "x"}`, []string{"-d", "x"}},
	{"delete", `{method: "DELETE"}`, []string{"-X", "DELETE"}},
	{"accept", `{headers: {Accept: "application/json"}}`, []string{"-H", "Accept: application/json"}},
	{
		"patch", `{method: "PATCH", body: "{}", headers: {"Content-Type": "application/json", "X-B": "1", authorization: "Bearer t"}}`,
		[]string{"-X", "PATCH", "-d", "{}", "-H", "Content-Type: application/json", "-H", "X-B: 1", "-H", "authorization: Bearer t"},
	},
	{"twice", `{headers: [["X-A", "1"], ["x-a", "2"]]}`, []string{"-H", "X-A: 1", "-H", "x-a: 2"}},
	{"include", `{credentials: "include"}`, []string{"--credentials"}},
	{"no-cors", `{mode: "no-cors"}`, []string{"--mode", "no-cors"}},
	{"no-cors-post", `{mode: "no-cors", method: "POST", body: "x"}`, []string{"--mode", "no-cors", "-d", "x"}},
	{"here-302", `{}`, nil},
	{"here-303", `{method: "PUT", body: "x"}`, []string{"-X", "PUT", "-d", "x"}},
	{"there-301", `{method: "POST", body: "x"}`, []string{"-d", "x"}},
	{"there-307", `{method: "POST", body: "x"}`, []string{"-d", "x"}},
	{"there-308", `{headers: {"X-B": "1", authorization: "Bearer t"}}`, []string{"-H", "X-B: 1", "-H", "authorization: Bearer t"}},
}

// TestDoctorSendsWhatChromiumSends: a server cannot tell crossgate doctor from a browser.
// Every request on the wire is the same, from the preflight to where redirects lead.
func TestDoctorSendsWhatChromiumSends(t *testing.T) {
	there := wire.NewStage(t, func(h wire.Head) string { return granted(h, "200 OK", "") })
	here := wire.NewStage(t, func(h wire.Head) string {
		status := regexp.MustCompile(`(here|there)-(30\d)$`).FindStringSubmatch(h.Target)
		switch {
		case h.Method == "OPTIONS" || status == nil:
			return granted(h, "200 OK", "")
		case status[1] == "there":
			return granted(h, status[2]+" Away", there.URL+h.Target+"/to")
		}
		return granted(h, status[2]+" Away", h.Target+"/to")
	})
	site := newSite(t, "localhost").Origin
	page := inChromium.open(t, site+"/pages/trials.html")
	requests := 0
	for _, c := range doctorCalls {
		t.Run(c.name, func(t *testing.T) {
			path := "/chromium/" + c.name
			eval[int](t, page, fmt.Sprintf("fetch(%q, %s).then(() => 0, () => 0)", here.URL+path, c.script))
			binary.Ask(t, append([]string{"doctor", "--no-probes", "--send", "--origin", site, here.URL + "/doctor/" + c.name}, c.flags...)...)
			want, got := sent("/chromium/"+c.name, here, there), sent("/doctor/"+c.name, here, there)
			if !slices.EqualFunc(want, got, slices.Equal) || len(want) == 0 {
				t.Errorf("Chromium sends\n%s\nand doctor\n%s", inLines(want), inLines(got))
			}
			requests += len(want)
		})
	}
	t.Logf("%d calls, %d requests", len(doctorCalls), requests)
}

// granted is an answer that lets every page in, and leads on where it is told to.
func granted(h wire.Head, status, location string) string {
	origin, _ := h.Get("Origin")
	names, _ := h.Get("Access-Control-Request-Headers")
	fields := []string{
		"HTTP/1.1 " + status, "Content-Length: 0", "Access-Control-Allow-Origin: " + origin, "Access-Control-Allow-Credentials: true",
		"Access-Control-Allow-Methods: DELETE, PATCH, PUT", "Access-Control-Allow-Headers: " + names,
	}
	if location != "" {
		fields = append(fields, "Location: "+location)
	}
	return strings.Join(fields, "\r\n") + "\r\n\r\n"
}

// sent is what came to a path, and to where it led: each request as lines. The places of
// a script's own headers are Chromium's secret, so they stand last, sorted; its version
// is that of the machine.
func sent(path string, servers ...*wire.Recorder) (all [][]string) {
	own := regexp.MustCompile(`(?i)^(accept|authorization|content-type|x-[ab]):`)
	version := regexp.MustCompile(`(?i)^(sec-ch-ua): .*|(Headless)?(Chrome/)\d+`)
	for _, server := range servers {
		for _, target := range []string{path, path + "/to"} {
			for _, h := range server.Heads(target) {
				lines := []string{h.Method + " " + strings.TrimPrefix(target, path)}
				var last []string
				for _, f := range h.Fields {
					line := version.ReplaceAllString(f.Name+": "+f.Value, "$1$3")
					if own.MatchString(line) {
						last = append(last, line)
					} else {
						lines = append(lines, line)
					}
				}
				slices.Sort(last)
				all = append(all, append(lines, last...))
			}
		}
	}
	return all
}

func inLines(requests [][]string) string {
	var text strings.Builder
	for _, r := range requests {
		text.WriteString(strings.Join(r, "\n") + "\n\n")
	}
	return text.String()
}
