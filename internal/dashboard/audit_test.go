package dashboard_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

const auditLog = "/settings/audit"

// withChange trusts an entry with a label, as somebody on the command line.
func (h *house) withChange(entry, label string) *house {
	h.t.Helper()
	who := control.Actor{Kind: "command-line", Name: "root"}
	if _, _, err := h.control.AddDomains(h.t.Context(), who, control.AddDomains{Text: []string{entry}, Label: label}); err != nil {
		h.t.Fatal(err)
	}
	return h
}

func TestAuditShowsEveryWay(t *testing.T) {
	h := newHouse(t).withAccount().withChange("a.example", "")
	b := h.signedIn()
	b.post(path+"/add", "domains", "*.co.uk", "confirm", "public-suffix *.co.uk", "reason", `=because "<b>"`, "do", "add").leads(t, path)
	page := b.get(auditLog)
	page.shows(t, 200, "Added a.example.", "Command line", "Added *.co.uk.", "from <bdi>127.0.0.1</bdi>", "Reason: <bdi>=because &#34;&lt;b&gt;&#34;", "Added account ada.", "UTC</span></time>")
	if strings.Index(page.body, "*.co.uk") > strings.Index(page.body, "Added a.example") {
		t.Error("the newest is not the first")
	}
	if !strings.Contains(page.body, `<time datetime="`+time.Now().UTC().Format("2006-01-02T")) {
		t.Error("the times are not for machines")
	}
}

func TestAuditFilters(t *testing.T) {
	h := newHouse(t).withAccount().withChange("a.example", "").withDomains("other.example")
	b := h.signedIn()
	today, tomorrow := time.Now().UTC().Format(time.DateOnly), time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	tests := []struct {
		name, query  string
		shows, hides string
	}{
		{"search", "search=OTHER.EX", "Added other.example", "Added a.example"},
		{"action", "action=account.add", "Added account ada", "Added a.example"},
		{"all of a kind", "action=domain", "Added a.example", "Added account"},
		{"person", "person=root", "Added a.example", "Added other.example"},
		{"person, in another case", "person=+ROOT", "Added a.example", "Added other.example"},
		{"all that was", "from=2020-01-01&to=" + today, "Added a.example", "No change is like that"},
		{"before", "to=2020-01-01", "No change is like that", "Added a.example"},
		{"after", "from=" + tomorrow, "No change is like that", "Added a.example"},
		{"no date", "from=yesterday&to=%3Cscript%3E", `id="from-error"`, "<script>"},
		{"no such action", "action=%3Cscript%3Ex", "No change is like that", "<script>"},
		{"older than any", "before=1", "Go to the newest", "Added a.example"},
		{"no cursor", "before=x", "Added a.example", "Go to the newest"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.get(auditLog + "?" + test.query)
			got.shows(t, 200, test.shows)
			if strings.Contains(got.body, test.hides) {
				t.Errorf("the page shows %q:\n%s", test.hides, got.body)
			}
		})
	}
}

// Pages go by the last change that was seen, so that no change is shown twice or
// left out while others are made.
func TestAuditPages(t *testing.T) {
	h := newHouse(t).withAccount()
	long := strings.Repeat("ü", 100)
	for i := range 60 {
		h.withChange(fmt.Sprintf("x%d.%s.example", i, strings.Repeat("w", 60)), long)
	}
	b := h.signedIn()
	seen := 0
	for at := auditLog + "?action=domain"; at != ""; {
		page := b.get(at)
		page.shows(t, 200)
		seen += strings.Count(page.body, `id="change-`)
		_, rest, found := strings.Cut(page.body, `rel="next" href="`)
		at, _, _ = strings.Cut(rest, `"`)
		if at = strings.ReplaceAll(at, "&amp;", "&"); found && seen < 50 {
			h.withDomains(fmt.Sprintf("new%d.%s.example", seen, strings.Repeat("w", 60))) // not on the pages that follow
		}
	}
	if seen != 60 {
		t.Errorf("%d changes were seen, of 60", seen)
	}
}

func TestAuditRecord(t *testing.T) {
	h := newHouse(t).withAccount().withChange("a.example", `"><script>alert(1)</script>`)
	b := h.signedIn()
	b.post(path+"/domains/1", "label", "Ours", "expires", "7d").leads(t, path)
	b.get(auditLog+"/3").shows(t, 200, "Domain changed", `id="diff"`, ">Changed</span>", "<th scope=\"row\">Label</th>", "<ins><bdi>Ours</bdi></ins>", "&lt;script&gt;", "Expires")
	b.get(auditLog+"/2").shows(t, 200, ">Added</span>", "a.example", "this machine")
	for _, id := range []string{"0", "-1", "99", "x", "9223372036854775807", "9223372036854775808"} {
		b.get(auditLog+"/"+id).shows(t, 404)
	}
}

// One change of thousands of entries is still a page of a decent size.
func TestAuditRecordOfMany(t *testing.T) {
	h := newHouse(t).withAccount()
	entries := make([]string, 3000)
	for i := range entries {
		entries[i] = fmt.Sprintf("%s.n%d.example", strings.Repeat("w", 60), i)
	}
	b := h.withDomains(entries...).signedIn()
	b.get(auditLog+"/2").shows(t, 200, "And 2,980 more")
	export := b.get(auditLog + "/export?format=json")
	if !strings.Contains(export.body, entries[0]) || !strings.Contains(export.body, entries[2999]) {
		t.Error("the export lacks entries")
	}
}

func TestAuditExport(t *testing.T) {
	h := newHouse(t).withAccount().withChange("a.example", "x")
	b := h.signedIn()
	for _, formula := range []string{"=1+1", "+1", "-1", "@SUM(A1)"} {
		b.post(path+"/add", "domains", "*.co.uk", "confirm", "public-suffix *.co.uk", "reason", formula, "do", "add").leads(t, path)
		b.post(path+"/remove", "one", h.idOf("*.co.uk")).leads(t, path)
	}
	t.Run("csv", func(t *testing.T) {
		file := b.get(auditLog + "/export?format=csv&action=domain.add")
		file.shows(t, 200)
		if got := file.header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="crossgate-audit-`) {
			t.Errorf("Content-Disposition: %s", got)
		}
		rows, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
		if err != nil || len(rows) != 6 {
			t.Fatalf("%d rows, %v:\n%s", len(rows), err, file.body)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r\n") {
					t.Errorf("a spreadsheet takes %q for a formula", cell)
				}
			}
		}
	})
	t.Run("json lines", func(t *testing.T) {
		file := b.get(auditLog + "/export?format=json&person=root&search=" + url.QueryEscape("a.ex"))
		file.shows(t, 200)
		lines := strings.Split(strings.TrimSpace(file.body), "\n")
		var row struct {
			Action, Actor string
			After         []struct{ Domain, Label string }
		}
		if len(lines) != 1 || json.Unmarshal([]byte(lines[0]), &row) != nil {
			t.Fatalf("the file is %q", file.body)
		}
		if row.Action != "domain.add" || row.Actor != "root" || len(row.After) != 1 || row.After[0].Domain != "a.example" {
			t.Errorf("got %+v", row)
		}
	})
	b.get(auditLog+"/export?format=csv&search=nothing").shows(t, 200, "id,at,actor_kind")
	b.get(auditLog+"/export?format=xml").shows(t, 404)
	b.get(auditLog+"/export").shows(t, 404)
}

// idOf is the id of an entry of the list.
func (h *house) idOf(entry string) string {
	h.t.Helper()
	d, err := h.control.FindDomain(h.t.Context(), entry)
	if err != nil {
		h.t.Fatal(err)
	}
	return strconv.FormatInt(d.ID, 10)
}
