package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/crossgate/crossgate/internal/portable"
)

// read reads the list, and notes what a person should know of it.
func (v *domainImport) read(c *call) ([]portable.Entry, error) {
	text, err := c.readList(c.args[0])
	if err != nil {
		return nil, err
	}
	if v.format == "" {
		v.format = portable.Detect(text)
	}
	entries, notes, err := portable.Parse(v.format, text)
	if err != nil {
		return nil, &failure{
			exit: exitNo, text: err.Error(),
			advice: fmt.Sprintf("nothing was added; the list was read as %s: if it is something else, say so with --format", v.format),
		}
	}
	if !v.expires.given {
		var left []portable.Note
		entries, left = portable.Live(entries, time.Now())
		notes = append(notes, left...)
	}
	for _, n := range notes {
		c.note("%s", n)
	}
	if len(entries) == 0 {
		return nil, &failure{exit: exitNo, text: "nothing is left of this list to import"}
	}
	return entries, nil
}

// readList reads a list from a file, or from standard input for "-": as much as can be
// imported, and no more.
func (c *call) readList(name string) ([]byte, error) {
	from := c.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, cannot("read the list", err)
		}
		defer f.Close()
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, portable.MaxBytes+1))
	if err != nil {
		return nil, cannot("read the list", err)
	}
	return text, nil
}
