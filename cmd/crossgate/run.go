package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/config"
)

// run is the program: it finds the command, reads its flags and settings, runs
// it, reports what went wrong, and returns the exit code.
func run(ctx context.Context, args []string, env func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{
		commands: commands(),
		env:      env,
		stdin:    stdin,
		stdout:   stdout,
		stderr:   stderr,
	}
	return report(stderr, newStyle(stderr, env), p.run(ctx, args))
}

// A program is one run of the command line.
type program struct {
	commands []command
	env      func(string) string
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
}

func (p *program) run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return p.mainHelp(p.stderr, wrongUse("", "a command is missing"))
	}
	switch args[0] {
	case "help":
		return p.help(args[1:])
	case "-h", "-help", "--help":
		return p.mainHelp(p.stdout, nil)
	case "-version", "--version":
		args = []string{"version"}
	}
	cmd, rest, err := p.find(args)
	if err != nil {
		return err
	}
	return p.execute(ctx, cmd, rest)
}

// execute runs one command.
func (p *program) execute(ctx context.Context, cmd command, args []string) error {
	verb := cmd.verb()
	flags, given, asJSON := cmd.flagSet(verb)
	positional, err := parseArgs(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return p.commandHelp(p.stdout, cmd)
	case err != nil:
		return wrongUse(cmd.name, err.Error())
	}
	if err := cmd.count(positional); err != nil {
		return err
	}
	settings, err := config.Load(cmd.settings, config.Sources{Flags: given, Env: p.env, ReadFile: os.ReadFile})
	if mistakes, ok := errors.AsType[config.Mistakes](err); ok {
		return wrongUse(cmd.name, mistakes.Error())
	}
	if err != nil {
		return err
	}
	return verb.run(ctx, &call{
		args:     positional,
		settings: settings,
		json:     *asJSON,
		stdin:    p.stdin,
		stdout:   p.stdout,
		stderr:   p.stderr,
		style:    newStyle(p.stdout, p.env),
	})
}

// find finds the command that the arguments begin with.
func (p *program) find(args []string) (command, []string, error) {
	if strings.HasPrefix(args[0], "-") {
		return command{}, nil, p.flagFirst(args)
	}
	for n := min(len(args), maxWords); n > 0; n-- {
		name := strings.Join(args[:n], " ")
		if cmd, ok := p.command(name); ok {
			return cmd, args[n:], nil
		}
		if len(p.group(name)) > 0 {
			return command{}, nil, p.groupAlone(name, args[n:])
		}
	}
	return command{}, nil, p.unknown(args[0])
}

// maxWords is how many words a command has at most: site member add.
const maxWords = 3

// groupAlone is the name of several commands, with none of them behind it.
func (p *program) groupAlone(name string, rest []string) error {
	switch {
	case len(rest) == 0:
		return p.groupHelp(p.stderr, name, wrongUse("", fmt.Sprintf("%q needs one of its commands", name)))
	case isHelpFlag(rest[0]):
		return p.groupHelp(p.stdout, name, errHelped)
	}
	return p.unknown(name + " " + rest[0])
}

// flagFirst is a flag before the command, with the line as it was probably meant.
func (p *program) flagFirst(args []string) error {
	wrong := wrongUse("", fmt.Sprintf("a command must stand before %s", args[0]))
	for i, word := range args {
		if _, ok := p.command(word); ok || len(p.group(word)) > 0 {
			wrong.advice = "write it behind: crossgate " + commandLine(slices.Concat(args[i:], args[:i]))
			break
		}
	}
	return wrong
}

// plainWord is a word that a shell leaves as it is.
var plainWord = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// commandLine joins words as a shell reads them.
func commandLine(words []string) string {
	var b strings.Builder
	for _, word := range words {
		if !plainWord.MatchString(word) {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		b.WriteString(word + " ")
	}
	return strings.TrimSpace(b.String())
}
