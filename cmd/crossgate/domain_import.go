package main

import (
	"context"
	"os"
	"strings"

	"github.com/crossgate/crossgate/internal/config"
)

func domainImportCommand() command {
	return command{
		name: "domain import", args: "FILE", min: 1, max: 1, json: true, settings: config.ForData,
		summary: "Trust the domains of a file: all of them, or none",
		about: `
The file has one or more entries a line; what follows a # is a comment. "-" is
standard input. Entries that are trusted already stay as they are.`,
		example: `crossgate domain import domains.txt --label "Partners"`,
		verb:    func() verb { return new(domainImport) },
	}
}

// domainImport is crossgate domain import.
type domainImport struct {
	additions
}

func (v *domainImport) run(ctx context.Context, c *call) error {
	text, err := c.readList(c.args[0])
	if err != nil {
		return err
	}
	return v.add(ctx, c, []string{withoutComments(text)})
}

// readList reads a file of entries, or standard input for "-".
func (c *call) readList(name string) (string, error) {
	if name == "-" {
		return readEntries(c.stdin, "standard input")
	}
	f, err := os.Open(name)
	if err != nil {
		return "", cannot("read the list", err)
	}
	defer f.Close()
	return readEntries(f, name)
}

func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		entries, _, _ := strings.Cut(line, "#")
		b.WriteString(strings.TrimRight(entries, "\r\n"))
		b.WriteByte('\n')
	}
	return b.String()
}
