package portable_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/portable"
)

// short is what a test says of an entry: "line: typed > domain [label] off until".
func short(entries []portable.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(portable.Note{Line: e.Line, Text: e.Domain}.String())
		if e.Label != "" {
			b.WriteString(" [" + e.Label + "]")
		}
		if e.Off {
			b.WriteString(" off")
		}
		if !e.Expires.IsZero() {
			b.WriteString(" until " + e.Expires.Format(time.RFC3339))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestParse(t *testing.T) {
	tests := []struct {
		name  string
		kind  portable.Kind
		text  string
		want  string
		notes string // what any of the notes must say
	}{
		{"plain", portable.Plain, "\ufeff# ours\napp.example.com  # Web shop\r\na.example, b.example\n[::1]", `line 2: app.example.com [Web shop]
line 3: a.example
line 3: b.example
line 4: [::1]
`, ""},
		{"plain with a long comment", portable.Plain, "a.example # " + strings.Repeat("x", 201), "line 1: a.example\n", "longer than the 200 bytes of a label and left out"},
		{"csv", portable.CSV, "domain,label,expires_at,enabled\napp.example.com,\"Shop, \"\"the\"\" web one\",2099-01-31,true\n*.example.com,'=1+1,,off\n", `line 2: app.example.com [Shop, "the" web one] until 2099-01-31T00:00:00Z
line 3: *.example.com [=1+1] off
`, ""},
		{"csv of a spreadsheet", portable.CSV, "Label;Owner;Domain\nShop;x;a.example\n;;\n", "line 2: a.example [Shop]\n", `the column "owner" is left out`},
		{"json of texts", portable.JSON, `["a.example",` + "\n" + `"b.example"]`, "line 1: a.example\nline 2: b.example\n", ""},
		{"json of objects", portable.JSON, `[{"id":7,"domain":"a.example","label":"A","enabled":false,"expires_at":null}]`, "line 1: a.example [A] off\n", ""},
		{"vanilla", portable.Vanilla, "*.example.com\nshop.example\nhttp://old.example", `line 1: example.com
line 1: *.example.com
line 2: shop.example
line 3: http://old.example
`, "any scheme and port"},
		{
			"okta", portable.Okta, `[
 {"id":"tos1","name":"Shop","origin":"https://shop.example","status":"ACTIVE","scopes":[{"type":"CORS"},{"type":"REDIRECT"}]},
 {"name":"Back","origin":"https://back.example","status":"ACTIVE","scopes":[{"type":"REDIRECT"}]},
 {"name":"Old","origin":"https://old.example","status":"INACTIVE","scopes":[{"type":"CORS"}]}]`,
			"line 2: https://shop.example [Shop]\nline 4: https://old.example [Old] off\n", "https://back.example is left out: it is not of scope CORS",
		},
		{
			"auth0", portable.Auth0, `{"name":"Shop","callbacks":["https://not.example"],
 "allowed_origins":["https://shop.example"],
 "web_origins":["https://shop.example","https://login.example"]}`,
			"line 2: https://shop.example [Shop]\nline 3: https://login.example [Shop]\n", "",
		},
		{"nginx", portable.NginxMap, `
# whom we trust
map $http_origin $allowed {
    default 0;
    "https://a.example" 1; 'https://B.example:8443' "1";
    https://no.example 0;
    ~^https://(.*\.)?example\.com$ 1;
}`, `line 5: https://a.example
line 5: https://B.example:8443
line 7: *.example.com
line 7: example.com
`, "https://no.example is left out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entries, notes, err := portable.Parse(tt.kind, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sorted(tt.want), sorted(short(entries))); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if !strings.Contains(noted(notes), tt.notes) {
				t.Errorf("no note says %q:\n%s", tt.notes, noted(notes))
			}
		})
	}
}

func noted(notes []portable.Note) string {
	var b strings.Builder
	for _, n := range notes {
		b.WriteString(n.String() + "\n")
	}
	return b.String()
}

// Every mistake is told, with its line, and then nothing is read.
func TestParseRefuses(t *testing.T) {
	tests := []struct {
		name string
		kind portable.Kind
		text string
		want string
	}{
		{"empty", portable.Plain, "# nothing\n", "there is no domain in this list"},
		{"nothing left", portable.Okta, `[{"origin":"https://a.example","scopes":[]}]`, "not of scope CORS"},
		{"not UTF-8", portable.Plain, "b\xfccher.example", "not UTF-8"},
		{"too long", portable.Plain, strings.Repeat(" ", portable.MaxBytes+1), "longer than 8 MiB"},
		{"too many", portable.Plain, strings.Repeat("a.example\n", portable.MaxEntries+1), "line 10001: at most 10000 entries"},
		{"unknown format", "xml", "a", `"xml" is no format`},
		{"csv without a header", portable.CSV, "app.example.com,Shop", "line 1: the first row must name the columns"},
		{"csv with a bad time", portable.CSV, "domain,expires_at\na.example,soon", `line 2: expires_at "soon": write a time`},
		{"csv with a bad switch", portable.CSV, "domain,enabled\na.example,maybe", `line 2: enabled "maybe": write true or false`},
		{"csv with a bare quote", portable.CSV, "domain,label\na.example,5\" disk", "line 2: the quotes do not match"},
		{"csv without a domain", portable.CSV, "domain,label\n,Shop", "line 2: the domain is missing"},
		{"csv with two domains in a cell", portable.CSV, "domain\na.example b.example", `line 2: "a.example b.example" is not one domain`},
		{"json cut off", portable.JSON, "[\"a.example\",\n", "line 2: this is not JSON"},
		{"json of numbers", portable.JSON, "[1]", "line 1: write an entry as text"},
		{"okta wildcard", portable.Okta, `[{"origin":"https://*.example.com","scopes":[{"type":"CORS"}]}]`, "add this wildcard by hand"},
		{"auth0 wildcard", portable.Auth0, "[{\"allowed_origins\":\n[\"https://*.example.com\"]}]", "line 2: https://*.example.com trusts one level"},
		{"auth0 placeholder", portable.Auth0, `{"web_origins":["https://{organization_name}.example.com"]}`, "has a placeholder"},
		{"nginx default", portable.NginxMap, "default 1;", "line 1: the default trusts every origin"},
		{"nginx of another variable", portable.NginxMap, "map $host $x {\na 1;\n}", "not at $http_origin"},
		{"nginx server block", portable.NginxMap, "server { listen 80; }", "is no map"},
		{"nginx include", portable.NginxMap, "https://a.example 1;\ninclude more.map;", "line 2: \"include more.map\" cannot be translated"},
		{"nginx hostnames", portable.NginxMap, "hostnames;", "cannot be translated"},
		{"nginx without a semicolon", portable.NginxMap, "https://a.example 1", "line 1: the semicolon behind"},
		{"nginx open quote", portable.NginxMap, "\n\"https://a.example 1;", "line 2: the quote that begins here"},
		{"nginx null", portable.NginxMap, "null 1;", "is no origin"},
		{"nginx exception to a wildcard", portable.NginxMap, "https://evil.example.com 0;\n~^https://.+\\.example\\.com$ 1;", "line 1: https://evil.example.com is refused there, and *.example.com (line 2) would trust it"},
		{"nginx refusing pattern", portable.NginxMap, `~evil 0;`, "what a regular expression refuses"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entries, _, err := portable.Parse(tt.kind, []byte(tt.text))
			if _, ok := errors.AsType[portable.Mistakes](err); !ok || len(entries) > 0 {
				t.Fatalf("got %d entries, error %v", len(entries), err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// An entry that stands twice is added as it stands first, and one that has expired not
// at all.
func TestRequest(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	entries, _, err := portable.Parse(portable.CSV, []byte("domain,label,expires_at,enabled\na.example,First,,no\nb.example,,2029-12-31,\na.example,Second,,yes\n"))
	if err != nil {
		t.Fatal(err)
	}
	live, notes := portable.Live(entries, now)
	in := portable.Request(live)
	if diff := cmp.Diff([]string{"a.example", "a.example"}, in.Text); diff != "" {
		t.Error(diff)
	}
	if d := in.Details["a.example"]; d.Label != "First" || !d.Off {
		t.Errorf("details %+v", d)
	}
	if want := "line 3: b.example is left out: it expired at 2029-12-31T00:00:00Z\n"; noted(notes) != want {
		t.Errorf("notes %q", noted(notes))
	}
}
