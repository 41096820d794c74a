package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"
)

// printJSON prints a result for scripts.
func (c *call) printJSON(v any) error {
	enc := json.NewEncoder(c.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return cannot("write the result", err)
	}
	return nil
}

// say prints a line for a person.
func (c *call) say(format string, args ...any) {
	fmt.Fprintf(c.stdout, format+"\n", args...)
}

// note prints a line that is not part of the result.
func (c *call) note(format string, args ...any) {
	fmt.Fprintf(c.stderr, format+"\n", args...)
}

// A table is printed for people, with aligned columns.
type table struct{ w *tabwriter.Writer }

func newTable(w io.Writer, columns ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.row(columns...)
	return t
}

func (t table) row(cells ...string) {
	for i, cell := range cells {
		if cell == "" {
			cells[i] = "-"
		}
	}
	fmt.Fprintln(t.w, strings.Join(cells, "\t"))
}

func (t table) flush() error {
	if err := t.w.Flush(); err != nil {
		return cannot("write the table", err)
	}
	return nil
}

// shownTime is a time as tables show it: in UTC, to the minute.
func shownTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// jsonTime is a time as JSON has it: null where there is none.
func jsonTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// A style colours what is printed on a terminal.
type style struct{ on bool }

// newStyle returns the style for a stream: plain unless it is a terminal, and
// plain where NO_COLOR is set (no-color.org).
func newStyle(w io.Writer, env func(string) string) style {
	f, ok := w.(*os.File)
	return style{on: ok && env("NO_COLOR") == "" && env("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))}
}

func (s style) red(text string) string   { return s.paint("31", text) }
func (s style) green(text string) string { return s.paint("32", text) }

func (s style) paint(code, text string) string {
	if !s.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// orNever is an expiry as sentences show it.
func orNever(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return shownTime(t) + " UTC"
}
