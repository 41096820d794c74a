package audit

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A writer writes changes in one format.
type writer interface {
	write(control.AuditRecord) error
	end() error
}

// export answers with everything that the filter finds, as a file that is sent
// while the log is read.
func (p *Page) export(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	file := shell.Download{Name: "crossgate-audit-" + p.shell.Now().UTC().Format(time.DateOnly)}
	var format func(io.Writer) writer
	switch r.URL.Query().Get("format") {
	case "csv":
		file.Name, file.Type, format = file.Name+".csv", "text/csv; charset=utf-8", newCSV
	case "json":
		file.Name, file.Type, format = file.Name+".jsonl", "application/jsonl", newLines
	default:
		return shell.NotFound
	}
	file.Write = func(w io.Writer) error {
		out := format(w)
		if err := p.log.EachAudited(r.Context(), filterOf(r.URL.Query()).newest().query(who), out.write); err != nil {
			return err
		}
		return out.end()
	}
	return p.shell.Send(w, r, file)
}

// A csvWriter writes a table for spreadsheets (RFC 4180).
type csvWriter struct {
	out    *csv.Writer
	headed bool
}

func newCSV(out io.Writer) writer { return &csvWriter{out: csv.NewWriter(out)} }

func (c *csvWriter) write(r control.AuditRecord) error {
	if err := c.head(); err != nil {
		return err
	}
	row := []string{
		strconv.FormatInt(r.ID, 10), r.At.UTC().Format(time.RFC3339), r.Actor.Kind, r.Actor.Name, r.Actor.Address,
		r.Action, r.Summary, r.Reason, strconv.FormatBool(r.Undone), string(r.Before), string(r.After),
	}
	for i := range row {
		row[i] = harmless(row[i])
	}
	return c.out.Write(row)
}

func (c *csvWriter) head() error {
	if c.headed {
		return nil
	}
	c.headed = true
	return c.out.Write([]string{"id", "at", "actor_kind", "actor", "address", "action", "summary", "reason", "undone", "before", "after"})
}

func (c *csvWriter) end() error {
	if err := c.head(); err != nil {
		return err
	}
	c.out.Flush()
	return c.out.Error()
}

// harmless returns a cell that no spreadsheet takes for a formula: where it begins
// like one, an apostrophe comes first.
func harmless(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 { // the wide ones, too: some are set to take those
		return "'" + cell
	}
	return cell
}

// A lineWriter writes a JSON object on a line for each change.
type lineWriter struct{ out *json.Encoder }

func newLines(out io.Writer) writer { return lineWriter{json.NewEncoder(out)} }

// exported is a change as programs read it.
type exported struct {
	ID        int64           `json:"id"`
	At        time.Time       `json:"at"`
	ActorKind string          `json:"actor_kind"`
	Actor     string          `json:"actor"`
	Address   string          `json:"address"`
	Action    string          `json:"action"`
	Summary   string          `json:"summary"`
	Reason    string          `json:"reason"`
	Undone    bool            `json:"undone"`
	Before    json.RawMessage `json:"before"`
	After     json.RawMessage `json:"after"`
}

func (l lineWriter) write(r control.AuditRecord) error {
	return l.out.Encode(exported{
		ID: r.ID, At: r.At.UTC(), ActorKind: r.Actor.Kind, Actor: r.Actor.Name, Address: r.Actor.Address,
		Action: r.Action, Summary: r.Summary, Reason: r.Reason, Undone: r.Undone,
		Before: orNull(r.Before), After: orNull(r.After),
	})
}

func (lineWriter) end() error { return nil }

func orNull(text []byte) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("null")
	}
	return text
}
