package audit

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
)

// maxPage is the largest that a page may be, in bytes.
const maxPage = 60_000

// A worstLog is full of the worst that anybody could have typed.
type worstLog struct{ text string }

func (l worstLog) Audit(_ context.Context, q control.AuditQuery) ([]control.AuditRecord, error) {
	list := make([]control.AuditRecord, q.Limit)
	for i := range list {
		list[i] = l.record(int64(i + 1))
	}
	return list, nil
}

func (worstLog) SiteNames(context.Context, []int64) (map[int64]string, error) { return nil, nil }

func (l worstLog) AuditedFor(_ context.Context, _ control.AuditQuery, id int64) (control.AuditRecord, error) {
	return l.record(id), nil
}

func (worstLog) EachAudited(context.Context, control.AuditQuery, func(control.AuditRecord) error) error {
	return nil
}

func (l worstLog) record(id int64) control.AuditRecord {
	r := control.AuditRecord{Reason: shell.Cut(l.text, control.MaxReason/2)}
	r.ID, r.At, r.Undone = id, time.Unix(0, 0), true
	r.Actor = control.Actor{Kind: shell.Cut(l.text, 20), Name: shell.Cut(l.text, control.MaxAccountName), Address: shell.Cut(l.text, 40)}
	r.Action, r.Summary = shell.Cut(l.text, 20), l.text
	before, after := make([]string, 100), make([]string, 100)
	for i := range before {
		before[i] = fmt.Sprintf(`{"id":%d,"domain":%q,"label":%q,"enabled":true}`, i, shell.Cut(l.text, 60), "was "+shell.Cut(l.text, 60))
		after[i] = fmt.Sprintf(`{"id":%d,"domain":%q,"label":%q,"enabled":false}`, i, shell.Cut(l.text, 60), "is "+shell.Cut(l.text, 60))
	}
	r.Before = []byte("[" + strings.Join(before, ",") + "]")
	r.After = []byte("[" + strings.Join(after, ",") + "]")
	return r
}

type oneSession struct{}

func (oneSession) Session(context.Context, string) (control.Session, error) {
	return control.Session{Account: control.Account{Name: "ada", Role: control.RoleViewer}}, nil
}

func TestWorstFixtures(t *testing.T) {
	for name, text := range map[string]string{
		"script": strings.Repeat(`"><script>alert(1)</script>`, 400),
		"turned": strings.Repeat("app\u202emoc.live", 1000),
		"long":   strings.Repeat("ü", 10_000),
		"empty":  "",
	} {
		for _, path := range []string{Path, Path + "/7", Path + "?" + url.Values{"search": {shell.Cut(text, 1000)}, "person": {text[:min(len(text), 100)]}}.Encode()} {
			t.Run(name+" "+path[:min(len(path), 30)], func(t *testing.T) {
				checkWorst(t, worstLog{text}, path)
			})
		}
	}
}

func checkWorst(t *testing.T, log Log, path string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
	r.AddCookie(&http.Cookie{Name: guard.CookieName, Value: "x"})
	w := httptest.NewRecorder()
	newTestMux(t, log).ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Body.Len() > maxPage {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
	if strings.Contains(w.Body.String(), "<script>") || strings.Contains(textOnly(w.Body.String()), "\u202e") {
		t.Error("what was typed became markup, or turns the text")
	}
	problems, err := htmlcheck.Page(bytes.NewReader(w.Body.Bytes()))
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// textOnly leaves out tags: the value of a field turns no text around it.
func textOnly(page string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(page, "<") {
		_, text, _ := strings.Cut(part, ">")
		b.WriteString(text)
	}
	return b.String()
}

func newTestMux(t *testing.T, log Log) *shell.Mux {
	t.Helper()
	g, err := guard.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shell.New(shell.Config{
		Guard: g, Sessions: oneSession{}, Log: slog.New(slog.DiscardHandler), Now: time.Now, Styles: []shell.Style{Style()},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Shell: s, Log: func(control.Place) Log { return log }})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Mux()
	p.Register(m)
	return m
}

func TestDiff(t *testing.T) {
	tests := []struct {
		name, before, after string
		want                string
	}{
		{"nothing", "null", "null", ""},
		{"empty", "", "", ""},
		{"added", "[]", `[{"id":1,"domain":"a.example","enabled":true,"expires_at":"2026-03-04T12:00:00Z"}]`, "Added a.example: Switched on →yes, Expires →4 March 2026, 12:00:00 UTC"},
		{"removed", `[{"id":1,"domain":"a.example","label":"Ours"}]`, "[]", "Removed a.example: Label Ours→"},
		{"changed", `{"account":"bob","role":"viewer"}`, `{"account":"bob","role":"owner"}`, "Changed bob: Role viewer→owner"},
		{"the same", `{"account":"bob"}`, `{"account":"bob"}`, ""},
		{"the version alone", `[{"id":1,"version":1}]`, `[{"id":1,"version":2}]`, ""},
		{"lists and objects", `{"methods":["GET"],"exempt":[{"path":"/x"}]}`, `{"methods":["GET","PUT"],"exempt":null}`, `Changed : Exempt {"path":"/x"}→, Methods GET→GET, PUT`},
		{"a zero time", `{"account":"x","expires_at":"0001-01-01T00:00:00Z"}`, `{"account":"x"}`, ""},
		{"large numbers", `{"account":"x","hits":1}`, `{"account":"x","hits":12345678901234567890}`, "Changed x: Hits 1→12345678901234567890"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := newDiff([]byte(test.before), []byte(test.after))
			if err != nil {
				t.Fatal(err)
			}
			if got := written(d); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	if _, err := newDiff([]byte("{"), nil); err == nil {
		t.Error("a broken record was read")
	}
}

// written is a diff on one line.
func written(d diff) string {
	var things []string
	for _, one := range d.Things {
		var fields []string
		for _, f := range one.Fields {
			fields = append(fields, f.Name+" "+f.Before+"→"+f.After)
		}
		things = append(things, one.Kind+" "+one.Name+": "+strings.Join(fields, ", "))
	}
	return strings.Join(things, "; ")
}
