package shell_test

import (
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

func TestVisible(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "app.example.com", "app.example.com"},
		{"other scripts", "bücher.example مثال", "bücher.example مثال"},
		{"right-to-left override", "app\u202emoc.live", "app[U+202E]moc.live"},
		{"isolate", "\u2067a\u2069", "[U+2067]a[U+2069]"},
		{"no width", "exam\u200bple", "exam[U+200B]ple"},
		{"filler", "a\u3164b", "a[U+3164]b"},
		{"control", "a\x00b\x1b[31m", "a[U+0000]b[U+001B][31m"},
		{"line breaks", "a\r\nb\tc", "a  b c"},
		{"not UTF-8", "a\xffb", "a\xffb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := shell.Visible(test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSentence(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"choose at least one entry", "Choose at least one entry."},
		{"undid: added app.example.com", "Undid: added app.example.com."},
		{"app.example.com was changed since", "app.example.com was changed since."},
		{"Ready?", "Ready?"},
		{"ärger", "Ärger."},
	}
	for _, test := range tests {
		if got := shell.Sentence(test.in); got != test.want {
			t.Errorf("Sentence(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestCut(t *testing.T) {
	long := strings.Repeat("ü", 10_000)
	if got, want := shell.Cut(long, 3), "üüü…"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := shell.Cut("üüü", 3); got != "üüü" {
		t.Errorf("got %q, what fits must stay", got)
	}
}

func TestNewWhen(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		at   time.Time
		want string
	}{
		{"never", time.Time{}, ""},
		{"now", now, "just now"},
		{"a moment ago", now.Add(-59 * time.Second), "just now"},
		{"a minute ago", now.Add(-time.Minute), "1 minute ago"},
		{"minutes ago", now.Add(-59 * time.Minute), "59 minutes ago"},
		{"an hour ago", now.Add(-time.Hour), "1 hour ago"},
		{"days ago", now.Add(-3 * 24 * time.Hour), "3 days ago"},
		{"long ago", now.AddDate(-1, 0, 0), "4 March 2025"},
		{"in a moment", now.Add(time.Second), "in 1 minute"},
		{"just set to 24 hours", now.Add(24*time.Hour - time.Second), "in 24 hours"},
		{"in days", now.Add(7 * 24 * time.Hour), "in 7 days"},
		{"far away", now.AddDate(1, 0, 0), "4 March 2027"},
		{"in another zone", now.In(time.FixedZone("", 5*3600)).Add(-time.Hour), "1 hour ago"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := shell.NewWhen(now, test.at).Text; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
