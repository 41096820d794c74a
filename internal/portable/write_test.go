package portable_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/portable"
	"github.com/crossgate/crossgate/trust"
)

var now = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func written(t *testing.T, kind portable.Kind, list []control.Domain) string {
	t.Helper()
	var b bytes.Buffer
	err := portable.Write(&b, kind, now, func(visit func(control.Domain) error) error {
		for _, d := range list {
			if err := visit(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is written and read again is the same: of a plain list, the entries that are
// trusted and their labels; else the expiry and the switch, too.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(50) {
		list := someList(t, rand.New(rand.NewPCG(seed, 1)))
		for _, kind := range portable.Written() {
			text := written(t, kind, list)
			if got := portable.Detect([]byte(text)); got != kind {
				t.Fatalf("%s is taken for %s:\n%s", kind, got, text)
			}
			entries, _, err := portable.Parse(kind, []byte(text))
			if err != nil {
				t.Fatalf("%s: %v\n%s", kind, err, text)
			}
			if diff := cmp.Diff(expected(kind, list), short(withoutLines(entries))); diff != "" {
				t.Fatalf("seed %d, %s (-want +got):\n%s%s", seed, kind, diff, text)
			}
		}
	}
}

func withoutLines(entries []portable.Entry) []portable.Entry {
	for i := range entries {
		entries[i].Line = 0
	}
	return entries
}

// expected is what must be read again of a list.
func expected(kind portable.Kind, list []control.Domain) string {
	var want []portable.Entry
	for _, d := range list {
		dead := !d.Enabled || !d.ExpiresAt.IsZero() && !now.Before(d.ExpiresAt)
		switch {
		case kind != portable.Plain:
			want = append(want, portable.Entry{Domain: d.Domain.String(), Label: d.Label, Expires: d.ExpiresAt, Off: !d.Enabled})
		case !dead:
			want = append(want, portable.Entry{Domain: d.Domain.String(), Label: d.Label})
		}
	}
	return short(want)
}

// someList makes a list with at least one entry that is trusted.
func someList(t *testing.T, r *rand.Rand) []control.Domain {
	forms := []string{"app%d.example.com", "*.b%d.example", "localhost:%d", "http://c%d.example", "[2001:db8::%d]:8443", "bücher%d.example", "capacitor://d%d"}
	labels := []string{"", "Shop", "=1+1", "'quoted", "'=x", "+49 30 1", "@home", "-", `a "b", c`, "a; b", "日本", "# hash", "＝x", "''"}
	list := []control.Domain{{Domain: parsed(t, "first.example"), Enabled: true}}
	for i := range 1 + r.IntN(20) {
		d := control.Domain{
			Domain: parsed(t, fmt.Sprintf(forms[r.IntN(len(forms))], i+1)), Label: labels[r.IntN(len(labels))], Enabled: r.IntN(3) > 0,
		}
		if r.IntN(3) == 0 {
			d.ExpiresAt = now.Add(time.Duration(r.IntN(1000)-500) * time.Hour)
		}
		list = append(list, d)
	}
	return list
}

func parsed(t *testing.T, entry string) trust.Domain {
	t.Helper()
	d, err := trust.ParseDomain(entry)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// No cell of a written table is run by a spreadsheet.
func TestCSVIsSafeToOpen(t *testing.T) {
	list := []control.Domain{{Domain: parsed(t, "a.example"), Label: `=HYPERLINK("http://evil.example","x")`, Enabled: true}}
	rows, err := csv.NewReader(strings.NewReader(written(t, portable.CSV, list))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"domain", "label", "expires_at", "enabled"},
		{"a.example", `'=HYPERLINK("http://evil.example","x")`, "", "true"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestWriteOfNothing(t *testing.T) {
	for kind, want := range map[portable.Kind]string{
		portable.Plain: "", portable.CSV: "domain,label,expires_at,enabled\n", portable.JSON: "[]\n",
	} {
		if got := written(t, kind, nil); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
	if err := portable.Write(new(bytes.Buffer), portable.Okta, now, nil); err == nil {
		t.Error("a list was written as okta")
	}
}
