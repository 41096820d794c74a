package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

const mainHead = `Crossgate lets the web pages you trust call your HTTP API from the browser, and
nobody else's, without the preflight.

Usage: crossgate COMMAND [ARGUMENTS] [FLAGS]

`

const mainTail = `
Run crossgate help COMMAND for its flags and an example. Settings can also be given
in the environment (CROSSGATE_DATABASE for --database) or in a TOML file (--config).
Exit codes: 0 done or yes, 1 no, 2 wrong use, 3 could not be done.
`

// help answers crossgate help [COMMAND].
func (p *program) help(words []string) error {
	if len(words) == 0 || isHelpFlag(words[0]) {
		return p.mainHelp(p.stdout, nil)
	}
	name := strings.Join(words, " ")
	if cmd, ok := p.command(name); ok {
		return p.commandHelp(p.stdout, cmd)
	}
	if len(p.group(name)) > 0 {
		return p.groupHelp(p.stdout, name, nil)
	}
	return p.unknown(name)
}

// mainHelp lists all commands and returns what it is given.
func (p *program) mainHelp(w io.Writer, result error) error {
	io.WriteString(w, mainHead)
	list(w, p.commands)
	io.WriteString(w, mainTail)
	return result
}

// groupHelp lists the commands of a group and returns what it is given.
func (p *program) groupHelp(w io.Writer, word string, result error) error {
	fmt.Fprintf(w, "Usage: crossgate %s COMMAND [ARGUMENTS] [FLAGS]\n\n", word)
	list(w, p.group(word))
	fmt.Fprintf(w, "\nRun crossgate help %s COMMAND for its flags and an example.\n", word)
	return result
}

func list(w io.Writer, commands []command) {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, c := range commands {
		fmt.Fprintf(t, "  %s\t%s\n", c.name, c.summary)
	}
	t.Flush()
}

// commandHelp prints everything there is to say of one command.
func (p *program) commandHelp(w io.Writer, cmd command) error {
	fmt.Fprintf(w, "Usage: crossgate %s\n\n", strings.Join(strings.Fields(cmd.name+" "+cmd.args+" [FLAGS]"), " "))
	fmt.Fprintf(w, "%s.\n", cmd.summary)
	if cmd.about != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(cmd.about))
	}
	fmt.Fprint(w, "\nFlags:\n")
	fs, _, _ := cmd.flagSet(cmd.verb())
	fs.VisitAll(func(f *flag.Flag) { flagHelp(w, f) })
	fmt.Fprint(w, "\nExample:\n")
	for line := range strings.SplitSeq(strings.TrimSpace(cmd.example), "\n") {
		fmt.Fprintf(w, "  %s\n", line)
	}
	return nil
}

// flagHelp prints one flag.
func flagHelp(w io.Writer, f *flag.Flag) {
	kind, usage := flag.UnquoteUsage(f)
	usage = strings.TrimPrefix(usage, kind+" ") // the kind stands first in each flag's usage
	if isSwitch(f) {
		kind = ""
	}
	head := strings.TrimSpace(dashed(f.Name) + " " + kind)
	if len(head) > 22 {
		fmt.Fprintf(w, "  %s\n  %-22s  %s\n", head, "", usage)
		return
	}
	fmt.Fprintf(w, "  %-22s  %s\n", head, usage)
}

// dashed is a flag as it is usually written.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}
