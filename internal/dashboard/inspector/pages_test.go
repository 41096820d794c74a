package inspector

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/gateway"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// Every reason that the gateway can give has words.
func TestReasonsHaveWords(t *testing.T) {
	for _, code := range gateway.Reasons() {
		if r := reasonOf(gate.Code(code)); r.Title == code || r.Title == "" {
			t.Errorf("%s has no words", code)
		}
	}
	for _, offered := range refusals() {
		known := false
		for _, code := range gateway.Reasons() {
			known = known || code == offered.Value
		}
		if !known {
			t.Errorf("the filter offers %s, which the gateway never says", offered.Value)
		}
	}
}

// a preflight and its request, as a browser sends them.
func preflighted() (asked, request inspect.Exchange) {
	asked, request = exchange(10, "/items/7"), exchange(11, "/items/7")
	at := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	asked.Time, asked.Duration = at, 2*time.Millisecond
	asked.Method, asked.Effective, asked.Preflight, asked.Joined, asked.Status = "OPTIONS", "OPTIONS", true, 11, 204
	asked.Requested = inspect.Intended{Method: "PATCH", Headers: []string{"authorization", "content-type"}}
	asked.Answer = []inspect.Field{
		{Name: "access-control-allow-origin", Value: asked.Origin},
		{Name: "access-control-allow-methods", Value: "GET, PATCH"},
		{Name: "access-control-allow-headers", Value: "authorization,content-type"},
		{Name: "access-control-max-age", Value: "7200"},
	}
	request.Time, request.Duration = at.Add(40*time.Millisecond), 60*time.Millisecond
	request.Method, request.Effective, request.Joined, request.Query = "PATCH", "PATCH", 10, true
	request.Headers, request.ContentType, request.FetchMode = []string{"authorization", "content-type"}, "application/json", "cors"
	request.Answer = []inspect.Field{{Name: "access-control-allow-origin", Value: request.Origin}, {Name: "vary", Value: "Origin"}}
	return asked, request
}

func refusedBy(origin string) inspect.Exchange {
	e := exchange(20, "/items")
	e.Origin, e.Verdict, e.Outcome, e.Reason, e.DomainID, e.Status = origin, inspect.VerdictRefused, inspect.Refused, gate.OriginNotTrusted, 0, 403
	return e
}

func TestOnePage(t *testing.T) {
	asked, request := preflighted()
	alone := asked
	alone.ID, alone.Joined, alone.Verdict, alone.Outcome, alone.Reason, alone.Status, alone.Answer = 12, 0, inspect.VerdictTrusted, inspect.Refused, gate.MethodNotAllowed, 403, nil
	enclosed := exchange(13, "/items/8")
	enclosed.Method, enclosed.Effective, enclosed.Carrier, enclosed.Token = "POST", "DELETE", inspect.Form, "tok_1"
	program := exchange(14, "/items")
	program.Origin, program.Verdict, program.DomainID, program.Reason = "", inspect.VerdictNoOrigin, 0, gate.ReasonNoOrigin
	failed := exchange(15, "/items")
	failed.Outcome, failed.Reason, failed.Status = inspect.Failed, "upstream-unreachable", 0
	both := []string{
		"Why the browser asked first", "preflight.md#method", "preflight.md#header-content-type", "How to avoid it",
		`href="/settings/security/domains/7"`, "can read the answer", "40 ms earlier", "?…", "access-control-max-age: 7200",
		"curl -i -X PATCH", "Bearer TOKEN", "max-age-capped",
	}
	tests := []struct {
		name         string
		kept         []inspect.Exchange
		id           inspect.ID
		shows, hides []string
	}{
		{"a request with its preflight", []inspect.Exchange{asked, request}, 11, both, []string{"Drop Content-Type", `id="trust"`}},
		{"the same, by its preflight", []inspect.Exchange{asked, request}, 10, both, nil},
		{
			"a request whose preflight is forgotten",
			[]inspect.Exchange{request},
			11,
			[]string{"What the API saw", "PATCH /items/7"},
			[]string{"Why the browser asked", "Timeline"},
		},
		{
			"a preflight that stayed alone",
			[]inspect.Exchange{alone},
			12,
			[]string{"As its preflight says", "does not say which", "method-not-allowed", "403 Forbidden"},
			[]string{"What the API saw", "Timeline", "preflight-status"},
		},
		{
			"an envelope",
			[]inspect.Exchange{enclosed},
			13,
			[]string{"Which preflight it saved", "DELETE /items/8", "POST /items/8", "Form envelope", "/settings/tokens/tok_1", "crossgate-token: tok_1"},
			[]string{"How to avoid it"},
		},
		{
			"a program",
			[]inspect.Exchange{program},
			14,
			[]string{"It names no origin", "curl -i"},
			[]string{"as-fetch", "readable", "Findings"},
		},
		{
			"an API that is not there",
			[]inspect.Exchange{failed},
			15,
			[]string{"could not be reached", "No answer", "as far as the gateway knows"},
			nil,
		},
		{
			"a stranger",
			[]inspect.Exchange{refusedBy("https://evil.example")},
			20,
			[]string{"No Trusted Domain matches", "Nearest Trusted Domain", "app.example.com", "Nothing: it was refused here", "takes an editor"},
			[]string{"error-hidden"},
		},
		{
			"somebody who is trusted by now",
			[]inspect.Exchange{refusedBy("https://now.example.com")},
			20,
			[]string{"trusted by now"},
			[]string{"takes an editor"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := &memory{}
			m.add(test.kept...)
			w := get(newTestMux(t, m, &desk{}), Path+"/"+test.id.String())
			for _, text := range test.shows {
				if !strings.Contains(w.Body.String(), text) {
					t.Errorf("the page does not show %q", text)
				}
			}
			for _, text := range test.hides {
				if strings.Contains(w.Body.String(), text) {
					t.Errorf("the page shows %q", text)
				}
			}
			if t.Failed() {
				t.Log(w.Code, w.Body)
			}
		})
	}
	for _, id := range []string{"zz", "0", "-1", "%00", strings.Repeat("z", 99)} {
		if w := get(newTestMux(t, &memory{}, &desk{}), Path+"/"+id); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", id, w.Code)
		}
	}
}

// What is copied does in a shell and in a console what it says, whatever was sent.
func TestCopies(t *testing.T) {
	asked, request := preflighted()
	get := exchange(1, "/it's/$(x)`y`")
	get.Headers = []string{"x-a'b", "x-\x1b[31m", "@/etc/hostname", "host: elsewhere.example"}
	strange := exchange(9, "/items")
	strange.Host, strange.Reason = "evil.example", gate.HostUnknown
	many := exchange(2, "/items/[1-9999]/{a,b}") // which curl would make 19,998 requests of
	tests := []struct {
		name                   string
		pair                   pair
		curl, preflight, fetch string
	}{
		{
			"preflighted",
			pair{&asked, &request},
			"curl -i -X PATCH 'http://localhost:8080/items/7?QUERY' \\\n  -H 'Origin: https://app.example.com' \\\n  -H 'authorization: Bearer TOKEN' \\\n  -H 'content-type: application/json' \\\n  --data-raw 'BODY'",
			"curl -i -X OPTIONS 'http://localhost:8080/items/7' \\\n  -H 'Origin: https://app.example.com' \\\n  -H 'Access-Control-Request-Method: PATCH' \\\n  -H 'Access-Control-Request-Headers: authorization,content-type'",
			"await fetch(\"http://localhost:8080/items/7?QUERY\", {\n  method: \"PATCH\",\n  headers: { \"authorization\": \"Bearer TOKEN\", \"content-type\": \"application/json\" },\n  body: \"BODY\",\n})",
		},
		{
			"odd characters",
			pair{Request: &get},
			"curl -i 'http://localhost:8080/it'\\''s/$(x)`y`' \\\n  -H 'Origin: https://app.example.com' \\\n  -H 'x-a'\\''b: VALUE'",
			"",
			"await fetch(\"http://localhost:8080/it's/$(x)`y`\", {\n  headers: { \"x-a'b\": \"VALUE\" },\n})",
		},
		{
			"a host that is nobody's",
			pair{Request: &strange},
			"curl -i 'http://HOST/items' \\\n  -H 'Origin: https://app.example.com'",
			"",
			"await fetch(\"http://HOST/items\")",
		},
		{
			"what curl would multiply",
			pair{Request: &many},
			"curl -i --globoff 'http://localhost:8080/items/[1-9999]/{a,b}' \\\n  -H 'Origin: https://app.example.com'",
			"",
			"await fetch(\"http://localhost:8080/items/[1-9999]/{a,b}\")",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, c := range test.pair.copies() {
				want := map[string]string{"as-curl": test.curl, "as-preflight": test.preflight, "as-fetch": test.fetch}[c.ID]
				if c.ID == "as-preflight" {
					want = strings.Replace(want, "/items/7'", "/items/7?QUERY'", 1) // the same address
				}
				if c.Text != want {
					t.Errorf("%s:\n%s\nwant\n%s", c.ID, c.Text, want)
				}
			}
		})
	}
}

func TestFilter(t *testing.T) {
	asked, request := preflighted()
	m := &memory{}
	m.add(exchange(1, "/items"), exchange(2, "/users"), asked, request, refusedBy("https://evil.example"))
	mux := newTestMux(t, m, &desk{})
	tests := []struct{ query, want string }{
		{"", "k b 2 1"},
		{"?outcome=refused", "k"},
		{"?outcome=none", ""},
		{"?reason=origin-not-trusted", "k"},
		{"?method=patch", "b"},
		{"?method=GET&preflight=no", "k 2 1"},
		{"?preflight=yes", "b"},
		{"?origin=EVIL", "k"},
		{"?path=/it", "k b 1"},
		{"?path=/it&before=k", "b 1"},
		{"?before=1", ""},
		{"?before=-&outcome=%ff", "k b 2 1"},
	}
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			w := get(mux, Path+test.query)
			if got := (&view{ResponseRecorder: w}).rows(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Pages go by the last exchange that was seen: none is shown twice or left out while
// others come.
func TestPages(t *testing.T) {
	m := &memory{}
	for i := range 50 {
		m.add(exchange(inspect.ID(i+1), "/items"))
	}
	mux := newTestMux(t, m, &desk{})
	seen := 0
	for at := Path; at != ""; {
		page := get(mux, at).Body.String()
		seen += strings.Count(page, `<tr id="x-`)
		at = ""
		if !strings.Contains(page, `class="list-foot" hidden`) {
			_, rest, _ := strings.Cut(page, `rel="next" href="`)
			at, _, _ = strings.Cut(rest, `"`)
		}
		m.add(exchange(m.Last()+1, "/later"))
	}
	if seen != 50 {
		t.Errorf("%d exchanges were seen, of 50", seen)
	}
}

// Where there are several nodes the page says whose requests it shows.
func TestNodeIsTold(t *testing.T) {
	for _, test := range []struct {
		name string
		told bool
	}{{"east-1", true}, {"", false}} {
		mux := newTestMuxOf(t, new(memory), new(desk), func(s *Site) {
			s.Node = func(context.Context) (string, error) { return test.name, nil }
		})
		page := get(mux, Path).Body.String()
		if told := strings.Contains(page, "the node <strong>"+test.name+"</strong> has handled"); told != test.told || strings.Contains(page, `id="node"`) != test.told {
			t.Errorf("%q: told: %t", test.name, told)
		}
	}
}
