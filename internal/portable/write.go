package portable

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Each visits the entries of a list one by one, for it may be long, as
// [control.Service.EachDomain] does. An error of visit ends it and is returned.
type Each func(visit func(control.Domain) error) error

// Write writes a list as one of the formats that [Written] names. In a plain list,
// entries that are switched off or have expired by now stand behind a #: they would be
// trusted again where they are imported.
func Write(w io.Writer, kind Kind, now time.Time, each Each) error {
	switch kind {
	case Plain:
		return each(func(d control.Domain) error {
			_, err := fmt.Fprintln(w, plainLine(d, now))
			return err
		})
	case CSV:
		return writeCSV(w, each)
	case JSON:
		return writeJSON(w, each)
	}
	return fmt.Errorf("a list is not written as %s", kind)
}

// plainLine is an entry with its label: "app.example.com  # Web shop".
func plainLine(d control.Domain, now time.Time) string {
	line := d.Domain.String()
	switch {
	case !d.Enabled:
		line = "# " + line + "  (off)"
	case !d.ExpiresAt.IsZero() && !now.Before(d.ExpiresAt):
		line = "# " + line + "  (expired)"
	}
	if d.Label != "" {
		line += "  # " + strings.TrimSpace(d.Label)
	}
	return line
}

func writeCSV(w io.Writer, each Each) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	err := each(func(d control.Domain) error {
		expires := ""
		if !d.ExpiresAt.IsZero() {
			expires = d.ExpiresAt.UTC().Format(time.RFC3339Nano)
		}
		return out.Write([]string{guarded(d.Domain.String()), guarded(d.Label), expires, strconv.FormatBool(d.Enabled)})
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// A Record is one Trusted Domain as scripts read it: an element of a JSON list.
type Record struct {
	ID        int64      `json:"id"`
	Domain    string     `json:"domain"`
	Label     string     `json:"label"`
	Enabled   bool       `json:"enabled"`
	ExpiresAt *time.Time `json:"expires_at"`
	CreatedAt *time.Time `json:"created_at"`
	CreatedBy string     `json:"created_by"`
	LastSeen  *time.Time `json:"last_seen"`
	Hits      int64      `json:"hits"`
}

// RecordOf returns the record of an entry. Times are in UTC, and null where there is
// none.
func RecordOf(d control.Domain) Record {
	return Record{
		ID: d.ID, Domain: d.Domain.String(), Label: d.Label, Enabled: d.Enabled,
		ExpiresAt: timeOf(d.ExpiresAt), CreatedAt: timeOf(d.CreatedAt), CreatedBy: d.CreatedBy,
		LastSeen: timeOf(d.LastSeen), Hits: d.Hits,
	}
}

func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// writeJSON writes an array, one entry a line.
func writeJSON(w io.Writer, each Each) error {
	before := "[\n  "
	err := each(func(d control.Domain) error {
		line, err := json.Marshal(RecordOf(d))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s%s", before, line)
		before = ",\n  "
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if before[0] == '[' {
		end = "[]\n"
	}
	_, err = io.WriteString(w, end)
	return err
}
