package doctor

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/google/go-cmp/cmp"
)

// lineOf is a report in one line: verdict, method, address, the first thing that fails,
// and its steps.
func lineOf(r Report) string {
	f, _ := r.Fails()
	var steps []string
	for _, s := range r.Steps {
		mark := "+"
		if !s.OK {
			mark = "-"
		}
		steps = append(steps, fmt.Sprintf("%s%s%d", mark, s.Name, s.Status))
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s [%s]", r.Verdict, r.Method, r.URL, f.Code, strings.Join(steps, " ")))
}

// A recording as Chromium's developer tools save one: preflights stand behind the
// requests that they were for, and of what was blocked nothing is kept.
func TestRecordingOfChromium(t *testing.T) {
	reports := judgeFile(t, "testdata/chromium.har")
	var got []string
	for _, r := range reports {
		got = append(got, lineOf(r))
	}
	want := []string{
		"readable PATCH https://api.example.com/items/7?access_token=…  [+request0 +preflight204 +answer200 +script0]",
		"blocked DELETE https://api.example.com/items/8 preflight-status [+request0 -preflight405]",
		"blocked GET https://api.example.com/old redirect-null-origin [+request0 +answer302 -answer200]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if lost := reports[0].Times.Preflight; lost != 13.3 {
		t.Errorf("%v ms are lost to the first preflight", lost)
	}
	text, err := json.Marshal(reports)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "secret") {
		t.Errorf("a secret comes out: %s", text)
	}
}

// A recording may come from anybody: nothing in it can command the terminal.
func TestRecordingsArePrintable(t *testing.T) {
	const recording = `{"log":{"entries":[{"request":{"method":"GET","url":"https://a\u009b2J.example/?\u009b2J=1","headers":[
		{"name":"Origin","value":"https://app.example.com"},{"name":"Sec-Fetch-Mode","value":"cors"}]},
		"response":{"status":0,"_error":"net::ERR_\u001b[2J\u009b2J"}}]}}`
	reports, err := JudgeRecording(strings.NewReader(recording))
	if err != nil || len(reports) != 1 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	text := fmt.Sprintf("%+v", reports)
	if !strings.Contains(text, "net::ERR_") || strings.ContainsFunc(text, unicode.IsControl) {
		t.Errorf("%q", text)
	}
}

func judgeFile(t *testing.T, name string) []Report {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reports, err := JudgeRecording(file)
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

// Files that are no recordings are refused, and said to be none.
func TestRecordingsThatAreNone(t *testing.T) {
	for _, text := range []string{
		"", "secret", "[]", "{}", `{"log":[]}`, `{"log":{"entries":{}}}`, `{"log":{"entries":[1]}}`,
		`{"log":{"entries":[{"request":{"headers":["secret"]}}]}}`, `{"log":{"entries":[`,
	} {
		_, err := JudgeRecording(strings.NewReader(text))
		if bad, ok := errors.AsType[*RecordingError](err); !ok || strings.Contains(bad.Text, "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{`{"log":{"version":"1.2","entries":[]}}`, `{"log":{"entries":[{"startedDateTime":"yesterday"}]}}`} {
		if reports, err := JudgeRecording(strings.NewReader(text)); err != nil || len(reports) != 0 {
			t.Errorf("%s: %v, %v", text, reports, err)
		}
	}
	many := `{"log":{"entries":[{}` + strings.Repeat(",{}", MaxEntries) + "]}}"
	if _, err := JudgeRecording(strings.NewReader(many)); !errors.Is(err, errManyEntries) {
		t.Errorf("too many: %v", err)
	}
	fields := `{"log":{"entries":[{"request":{"headers":[{}` + strings.Repeat(",{}", MaxFields) + "]}}]}}"
	if _, err := JudgeRecording(strings.NewReader(fields)); !errors.Is(err, errManyFields) {
		t.Errorf("too many fields: %v", err)
	}
}

// What a browser has added by itself is none of the script's: the preflight says which
// headers were.
func TestHeadersOfScripts(t *testing.T) {
	entry := func(fields ...string) string {
		var all []string
		for i := 0; i < len(fields); i += 2 {
			all = append(all, fmt.Sprintf(`{"name":%q,"value":%q}`, fields[i], fields[i+1]))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	har := func(request, preflight string) string {
		one := `{"startedDateTime":"2026-11-22T10:00:00Z","request":{"method":"POST","postData":{},"url":"https://api.example.com/","headers":` + request + `},"response":{"status":200,"headers":[]}}`
		if preflight != "" {
			one += `,{"startedDateTime":"2026-11-22T10:00:00Z","request":{"method":"OPTIONS","url":"https://api.example.com/","headers":` + preflight + `},"response":{"status":204,"headers":[]}}`
		}
		return `{"log":{"entries":[` + one + `]}}`
	}
	own := []string{"Origin", pageOrigin, "User-Agent", "M", "If-None-Match", "x", "Cache-Control", "no-cache", "X-A", "1"}
	for _, c := range []struct{ name, request, preflight, want string }{
		{"without a preflight", entry(own...), "", "x-a"},
		{"with one", entry(own...), entry("Origin", pageOrigin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "cache-control,x-a"), "cache-control,x-a"},
		{"with one for nothing", entry("Origin", pageOrigin), entry("Origin", pageOrigin, "Access-Control-Request-Method", "POST"), ""},
	} {
		reports, err := JudgeRecording(strings.NewReader(har(c.request, c.preflight)))
		if err != nil || len(reports) != 1 {
			t.Fatalf("%s: %v, %v", c.name, reports, err)
		}
		if reports[0].asked != c.want {
			t.Errorf("%s: %q, want %q", c.name, reports[0].asked, c.want)
		}
		if f, _ := reports[0].Fails(); c.preflight != "" && f.Step != explain.StepPreflight {
			t.Errorf("%s: its preflight is not judged: %+v", c.name, f)
		}
	}
}

// FuzzJudgeRecording: nothing panics.
func FuzzJudgeRecording(f *testing.F) {
	text, err := os.ReadFile("testdata/chromium.har")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		reports, err := JudgeRecording(strings.NewReader(string(text)))
		if _, err2 := json.Marshal(reports); err == nil && err2 != nil {
			t.Error(err2)
		}
	})
}
