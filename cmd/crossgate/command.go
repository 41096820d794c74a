package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/config"
)

// A command is one command of the command line.
type command struct {
	name     string // "domain add"
	args     string // "ENTRY...", as help shows it
	min, max int    // how many arguments; max is -1 for any number
	summary  string // one line, in the list of commands
	about    string // the rest of its help, or ""
	example  string // one or more lines
	settings config.Scope
	json     bool        // whether it takes --json
	verb     func() verb // makes what runs it
}

// A verb does what a command says. Its fields are its flags.
type verb interface {
	flags(fs *flag.FlagSet)
	run(ctx context.Context, c *call) error
}

// A call is what a command is run with.
type call struct {
	args     []string
	settings *config.Config
	json     bool
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
	style    style
}

// commands returns all commands, in the order of help.
func commands() []command {
	return slices.Concat(
		[]command{serveCommand(), demoCommand()},
		domainCommands(),
		tokenCommands(),
		ticketCommands(),
		keyCommands(),
		siteCommands(),
		[]command{exportCommand(), applyCommand()},
		userCommands(),
		[]command{explainCommand(), doctorCommand(), auditCommand(), backupCommand(), versionCommand()},
	)
}

// flagSet returns the command's flags: its verb's, those of its settings, and
// --json.
func (c command) flagSet(v verb) (fs *flag.FlagSet, given config.Flags, asJSON *bool) {
	fs = flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	v.flags(fs)
	asJSON = new(bool)
	if c.json {
		fs.BoolVar(asJSON, "json", false, "print the result as JSON")
	}
	return fs, config.Register(fs, c.settings), asJSON
}

// count checks how many arguments there are.
func (c command) count(args []string) error {
	switch n := len(args); {
	case n < c.min && c.max == 0:
		return nil
	case n < c.min:
		return wrongUse(c.name, fmt.Sprintf("%q needs %s", c.name, c.args))
	case c.max >= 0 && n > c.max && c.max == 0:
		return wrongUse(c.name, fmt.Sprintf("%q takes no arguments, but was given %q", c.name, args[0]))
	case c.max >= 0 && n > c.max:
		return wrongUse(c.name, fmt.Sprintf("%q takes %s alone, but was given %q, too", c.name, c.args, args[c.max]))
	}
	return nil
}

// command returns the command of a name.
func (p *program) command(name string) (command, bool) {
	i := slices.IndexFunc(p.commands, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return p.commands[i], true
}

// group returns the commands that begin with a word: "domain".
func (p *program) group(word string) []command {
	var group []command
	for _, c := range p.commands {
		if strings.HasPrefix(c.name, word+" ") {
			group = append(group, c)
		}
	}
	return group
}

// unknown is a command that there is not, with the one that was probably meant.
func (p *program) unknown(name string) error {
	var known []string
	for _, c := range p.commands {
		known = append(known, c.name)
		if word, _, ok := strings.Cut(c.name, " "); ok && !slices.Contains(known, word) {
			known = append(known, word)
		}
	}
	f := wrongUse("", fmt.Sprintf("there is no command %q", name))
	if near := config.Nearest(name, append(known, "help")); near != "" {
		f.advice = "did you mean: crossgate " + near
	}
	return f
}
