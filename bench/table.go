package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// A table is printed as Markdown, with columns that line up on a terminal too.
type table struct{ rows [][]string }

func newTable(title string, columns ...string) *table {
	return &table{rows: [][]string{append([]string{title}, columns...)}}
}

func (t *table) add(name string, cells ...string) {
	t.rows = append(t.rows, append([]string{name}, cells...))
}

func (t *table) write(out io.Writer) error {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var text strings.Builder
	for number, row := range t.rows {
		writeRow(&text, row, widths)
		if number == 0 {
			writeRule(&text, widths)
		}
	}
	_, err := fmt.Fprintln(out, text.String())
	return err
}

// writeRow sets the first cell to the left and the figures to the right.
func writeRow(text *strings.Builder, row []string, widths []int) {
	for i, cell := range row {
		blank := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if i == 0 {
			cell += blank
		} else {
			cell = blank + cell
		}
		text.WriteString("| " + cell + " ")
	}
	text.WriteString("|\n")
}

func writeRule(text *strings.Builder, widths []int) {
	for i, width := range widths {
		rule := strings.Repeat("-", width+1)
		if i == 0 {
			text.WriteString("|" + rule + "-")
		} else {
			text.WriteString("|" + rule + ":")
		}
	}
	text.WriteString("|\n")
}

// median returns the middle of some figures, which outliers do not move.
func median(figures []float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	return sorted[len(sorted)/2]
}
