package portable

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
)

// csvColumns are the columns of the header row. Only the first must be there.
var csvColumns = []string{"domain", "label", "expires_at", "enabled"}

func readCSV(l *list, text []byte) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	r.Comma = csvSeparator(text)
	header, err := r.Read()
	columns := csvHeader(l, header)
	if err != nil || columns["domain"] < 0 {
		l.refuse(1, "the first row must name the columns: %s", strings.Join(csvColumns, ","))
		return
	}
	for !l.full {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			l.refuse(bad.Line, "the quotes do not match: a cell with a quote in it is in quotes, and has it twice")
			return
		}
		line, _ := r.FieldPos(0)
		l.addRow(line, row, columns)
	}
}

// csvSeparator is what stands between the header's cells: spreadsheets write
// semicolons where the decimal sign is a comma.
func csvSeparator(text []byte) rune {
	header, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.ContainsRune(header, ';') && !bytes.ContainsRune(header, ',') {
		return ';'
	}
	return ','
}

// csvHeader returns where each column is, -1 for none.
func csvHeader(l *list, header []string) map[string]int {
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.ToLower(strings.TrimSpace(name))
		if names[i] != "" && !slices.Contains(csvColumns, names[i]) {
			l.note(1, "the column %s is left out", shown(names[i]))
		}
	}
	columns := make(map[string]int)
	for _, name := range csvColumns {
		columns[name] = slices.Index(names, name)
	}
	return columns
}

func (l *list) addRow(line int, row []string, columns map[string]int) {
	cell := func(name string) string {
		if i := columns[name]; i >= 0 && i < len(row) {
			return unguarded(strings.TrimSpace(row[i]))
		}
		return ""
	}
	e := Entry{Line: line, Typed: cell("domain"), Domain: cell("domain"), Label: cell("label")}
	if e.Domain == "" {
		if strings.Join(row, "") != "" {
			l.refuse(line, "the domain is missing")
		}
		return
	}
	var err error
	if e.Expires, err = parseExpiry(cell("expires_at")); err != nil {
		l.refuse(line, "expires_at %s: %v", shown(cell("expires_at")), err)
	}
	on, err := parseSwitch(cell("enabled"))
	if err != nil {
		l.refuse(line, "enabled %s: %v", shown(cell("enabled")), err)
	}
	e.Off = !on
	l.add(e)
}

var (
	errExpiry = errors.New("write a time as in 2027-01-31T12:00:00Z, or a day as in 2027-01-31")
	errSwitch = errors.New("write true or false")
)

func parseExpiry(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, errExpiry
}

func parseSwitch(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "", "true", "1", "yes", "on":
		return true, nil
	case "false", "0", "no", "off":
		return false, nil
	}
	return false, errSwitch
}

// formulaSigns begin a cell that spreadsheets would run as a formula.
const formulaSigns = "=+-@\t\r＝＋－＠"

// guarded is a cell that spreadsheets show and do not run: with an apostrophe before
// it. One that begins with an apostrophe has another, so that nothing is lost.
func guarded(cell string) string {
	if beginsWithAny(cell, formulaSigns+"'") {
		return "'" + cell
	}
	return cell
}

// unguarded takes back what guarded did.
func unguarded(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && beginsWithAny(rest, formulaSigns+"'") {
		return rest
	}
	return cell
}

func beginsWithAny(text, signs string) bool { return strings.IndexAny(text, signs) == 0 }
