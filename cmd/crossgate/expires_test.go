package main

import (
	"testing"
	"time"
)

func TestExpiry(t *testing.T) {
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	tests := []struct {
		in   string
		want time.Time // zero: never
		ok   bool
	}{
		{"never", time.Time{}, true},
		{"24h", now.Add(24 * time.Hour), true},
		{"90m", now.Add(90 * time.Minute), true},
		{"30d", now.AddDate(0, 0, 30), true},
		{"2w", now.AddDate(0, 0, 14), true},
		{"2027-01-31", time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), true},
		{"2027-01-31T12:00:00Z", time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC), true},
		{"", time.Time{}, false},
		{"0", time.Time{}, false},
		{"-1h", time.Time{}, false},
		{"0d", time.Time{}, false},
		{"-3d", time.Time{}, false},
		{"40000d", time.Time{}, false},
		{"99999999999w", time.Time{}, false},
		{"tomorrow", time.Time{}, false},
		{"2027-02-30", time.Time{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			var e expiry
			err := e.set(tt.in)
			if (err == nil) != tt.ok {
				t.Fatalf("got %v, want ok = %v", err, tt.ok)
			}
			if got := e.time(now); tt.ok && !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
