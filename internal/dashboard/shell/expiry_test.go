package shell_test

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

func TestExpiryTime(t *testing.T) {
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	date := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	tests := []struct {
		name  string
		field shell.Expiry
		want  time.Time
		error string
	}{
		{"nothing chosen", shell.Expiry{}, time.Time{}, ""},
		{"never", shell.Expiry{Choice: shell.Never, Date: "2020-01-01"}, time.Time{}, ""},
		{"a day", shell.Expiry{Choice: shell.InADay}, noon.Add(24 * time.Hour), ""},
		{"a week", shell.Expiry{Choice: shell.InAWeek}, noon.AddDate(0, 0, 7), ""},
		{"a month", shell.Expiry{Choice: shell.InAMonth}, noon.AddDate(0, 0, 30), ""},
		{"to the end of today", shell.Expiry{Choice: shell.OnADate, Date: "2026-03-04"}, date(2026, 3, 5), ""},
		{"a date", shell.Expiry{Choice: shell.OnADate, Date: "2026-12-31"}, date(2027, 1, 1), ""},
		{"yesterday", shell.Expiry{Choice: shell.OnADate, Date: "2026-03-03"}, time.Time{}, "That date is over. Choose today or a later one."},
		{"no date", shell.Expiry{Choice: shell.OnADate}, time.Time{}, "Choose the date on which it expires."},
		{"no such date", shell.Expiry{Choice: shell.OnADate, Date: "2026-02-30"}, time.Time{}, "Choose the date on which it expires."},
		{"no such choice", shell.Expiry{Choice: "1h"}, time.Time{}, "Choose when it expires from the list."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.field.Time(noon)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if !got.Equal(test.want) || text != test.error {
				t.Errorf("got %v %q, want %v %q", got, text, test.want, test.error)
			}
		})
	}
}
