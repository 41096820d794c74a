package control_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// The rules of "Input" in the design of Trusted Domains: what becomes of each
// line, where app.example.com and *.example.org are on the list already,
// off.example.com is switched off and old.example.com has expired.
func TestLines(t *testing.T) {
	insecure := []trust.Confirmation{trust.ConfirmInsecure}
	suffix := []trust.Confirmation{trust.ConfirmPublicSuffix}
	tests := []struct {
		name    string
		text    string
		confirm []trust.Confirmation
		reason  string
		want    []string // "domain status code [confirmations] like"
	}{
		{name: "one entry", text: "new.example.com", want: []string{"new.example.com added"}},
		{name: "lines, commas, spaces", text: "a.example.net, b.example.net\r\n\tc.example.net\u00a0d.example.net", want: []string{
			"a.example.net added", "b.example.net added", "c.example.net added", "d.example.net added",
		}},
		{name: "normalised", text: "HTTPS://New.Example.COM:443/", want: []string{"new.example.com added"}},
		{name: "on the list", text: "https://app.example.com", want: []string{"app.example.com already-trusted"}},
		{name: "twice in the paste", text: "b.example.net https://b.example.net/", want: []string{
			"b.example.net added", "b.example.net already-trusted",
		}},
		{name: "covered by a wildcard", text: "x.example.org", want: []string{"x.example.org added"}},
		{name: "switched off", text: "off.example.com", want: []string{"off.example.com refused switched-off"}},
		{name: "expired", text: "old.example.com", want: []string{"old.example.com refused expired"}},
		{name: "a bad line among good ones", text: "a.example.net *.com/x b.example.net", want: []string{
			"a.example.net added", " refused entry-path", "b.example.net added",
		}},
		{name: "http unconfirmed", text: "http://a.example.net", want: []string{
			"http://a.example.net refused needs-confirmation [insecure]",
		}},
		{name: "http confirmed", text: "http://a.example.net", confirm: insecure, want: []string{"http://a.example.net added"}},
		{name: "an app unconfirmed", text: "capacitor://localhost", want: []string{
			"capacitor://localhost refused needs-confirmation [insecure]",
		}},
		{name: "a public suffix unconfirmed", text: "*.github.io", want: []string{
			"*.github.io refused needs-confirmation [public-suffix]",
		}},
		{name: "a public suffix without a reason", text: "*.github.io", confirm: suffix, want: []string{
			"*.github.io refused needs-confirmation [public-suffix]",
		}},
		{name: "a reason alone", text: "*.github.io", reason: "ours", want: []string{
			"*.github.io refused needs-confirmation [public-suffix]",
		}},
		{name: "a public suffix with a reason", text: "*.github.io", confirm: suffix, reason: "ours", want: []string{
			"*.github.io added",
		}},
		{name: "the wrong confirmation", text: "*.github.io", confirm: insecure, want: []string{
			"*.github.io refused needs-confirmation [public-suffix]",
		}},
		{name: "a look-alike", text: "app.examp1e.com", want: []string{
			"app.examp1e.com refused needs-confirmation [look-alike] app.example.com",
		}},
		{name: "a look-alike confirmed", text: "app.examp1e.com", confirm: []trust.Confirmation{trust.ConfirmLookAlike}, want: []string{
			"app.examp1e.com added",
		}},
	}
	c, at := newControl(t)
	prepareList(t, c, at)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines, err := c.PreviewDomains(t.Context(), control.AddDomains{
				Text: []string{test.text}, Confirm: test.confirm, Reason: test.reason,
			})
			must(t, err)
			same(t, described(lines), test.want)
		})
	}
}

func prepareList(t *testing.T, c *control.Service, at *clock) {
	t.Helper()
	add(t, c, "app.example.com", "*.example.org", "off.example.com")
	no := false
	_, _, err := c.SetDomain(t.Context(), anna, control.SetDomain{ID: find(t, c, "off.example.com").ID, Enabled: &no})
	must(t, err)
	_, _, err = c.AddDomains(t.Context(), anna, control.AddDomains{
		Text: []string{"old.example.com"}, Expires: at.Now().Add(time.Hour),
	})
	must(t, err)
	at.forward(time.Hour)
}

func described(lines []control.Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = fmt.Sprintf("%s %s %s", l.Domain, l.Status, l.Code)
		if len(l.Confirm) > 0 {
			out[i] += fmt.Sprintf(" %v %s", l.Confirm, l.Like)
		}
		out[i] = strings.TrimRight(out[i], " ")
		if (l.Status == control.RefusedLine) != (l.Code != "") || (l.Status != control.Added && l.Message == "") {
			out[i] += fmt.Sprintf(" inconsistent: %+v", l)
		}
	}
	return out
}

func TestLinesSayWhy(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "*.example.org", "app.example.com")
	lines, err := c.PreviewDomains(t.Context(), control.AddDomains{Text: []string{
		"app.example.com shop.example.org user@example.com app.examp1e.com",
	}})
	must(t, err)
	for i, says := range []string{
		"already trusted by app.example.com",
		"already trusted by *.example.org, too",
		"example.com",
		"easily taken for app.example.com",
	} {
		if !strings.Contains(lines[i].Message, says) {
			t.Errorf("the message of %s is %q, want it to say %q", lines[i].Entry, lines[i].Message, says)
		}
	}
	if lines[2].Suggest == "" {
		t.Errorf("nothing is suggested for %s", lines[2].Entry)
	}
}

func TestAddIsAllOrNothing(t *testing.T) {
	c, _ := newControl(t)
	text := []string{"good.example.com", "*.com/x", "http://a.example.net"}
	lines, change, err := c.AddDomains(t.Context(), anna, control.AddDomains{Text: text})
	bad := wantCode(t, err, control.CodeRefused)
	same(t, bad.Lines, lines)
	same(t, described(lines), []string{
		"good.example.com added", " refused entry-path", "http://a.example.net refused needs-confirmation [insecure]",
	})
	same(t, change, control.Change{})
	same(t, texts(t, c), []string{})
	same(t, changes(t, c), []string{})
}

func TestAddSaysWhichCode(t *testing.T) {
	tests := []struct {
		name, code string
		in         control.AddDomains
	}{
		{"nothing", "entry-empty", control.AddDomains{}},
		{"blanks", "entry-empty", control.AddDomains{Text: []string{" ,\n"}}},
		{"one bad entry", "entry-null", control.AddDomains{Text: []string{"null"}}},
		{"one to confirm", "needs-confirmation", control.AddDomains{Text: []string{"http://a.example.net"}}},
		{"all to confirm", "needs-confirmation", control.AddDomains{Text: []string{"http://a.example.net http://b.example.net"}}},
		{"some bad, some to confirm", "refused", control.AddDomains{Text: []string{"http://a.example.net null"}}},
		{"too many", "too-many", control.AddDomains{Text: []string{strings.Repeat("a.example ", control.MaxEntries+1)}}},
		{"too much text", "too-many", control.AddDomains{Text: []string{strings.Repeat("x", control.MaxText+1)}}},
		{"an expiry in the past", "invalid", control.AddDomains{Text: []string{"a.example"}, Expires: time.Unix(1, 0)}},
		{"a long label", "invalid", control.AddDomains{Text: []string{"a.example"}, Label: strings.Repeat("x", control.MaxLabel+1)}},
		{"a label of two lines", "invalid", control.AddDomains{Text: []string{"a.example"}, Label: "a\nb"}},
		{"a label that turns around", "invalid", control.AddDomains{Text: []string{"a.example"}, Label: "a\u202eb"}},
		{"a label that is no text", "invalid", control.AddDomains{Text: []string{"a.example"}, Label: "a\xff"}},
		{"a long reason", "invalid", control.AddDomains{Text: []string{"a.example"}, Reason: strings.Repeat("x", control.MaxReason+1)}},
	}
	c, _ := newControl(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := c.AddDomains(t.Context(), anna, test.in)
			wantCode(t, err, test.code)
			_, previewed := c.PreviewDomains(t.Context(), test.in)
			if !strings.HasPrefix(test.code, "too") && test.code != "invalid" && test.code != "entry-empty" {
				must(t, previewed) // a preview says it line by line
				return
			}
			wantCode(t, previewed, test.code)
		})
	}
	same(t, changes(t, c), []string{})
}

func TestAddKeepsWhatWasSaid(t *testing.T) {
	c, at := newControl(t)
	expires := at.Now().Add(24 * time.Hour)
	_, change, err := c.AddDomains(t.Context(), anna, control.AddDomains{
		Text: []string{"HTTPS://Bücher.example/ "}, Label: "  Partner 👩‍🚀 ", Expires: expires,
	})
	must(t, err)
	got := find(t, c, "bücher.example")
	same(t, got, control.Domain{
		ID: got.ID, Typed: "HTTPS://Bücher.example/", Domain: got.Domain, Label: "Partner 👩‍🚀", Enabled: true,
		ExpiresAt: expires, CreatedAt: at.Now(), CreatedBy: "anna", Version: 1,
	})
	same(t, change, control.Change{
		ID: change.ID, At: at.Now(), Actor: anna, Action: "domain.add", Summary: "added xn--bcher-kva.example",
	})
}

// Where everything is trusted already, there is no change to record or to undo.
func TestAddNothingNew(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "app.example.com")
	before := changes(t, c)
	lines, change, err := c.AddDomains(t.Context(), anna, control.AddDomains{Text: []string{"app.example.com"}})
	must(t, err)
	same(t, described(lines), []string{"app.example.com already-trusted"})
	same(t, change, control.Change{})
	same(t, changes(t, c), before)
}
