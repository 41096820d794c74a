package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/config"
)

// parseArgs sets the flags that stand anywhere among the arguments and returns
// the rest. Behind "--" everything is an argument; "-" alone is one, too.
func parseArgs(fs *flag.FlagSet, args []string) ([]string, error) {
	var positional []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return append(positional, args...), nil
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			positional = append(positional, arg)
			continue
		}
		var err error
		if args, err = setFlag(fs, arg, args); err != nil {
			return nil, err
		}
	}
	return positional, nil
}

// setFlag sets one flag, and returns the arguments behind its value.
func setFlag(fs *flag.FlagSet, arg string, rest []string) ([]string, error) {
	name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if isHelpFlag("--" + name) {
		return nil, flag.ErrHelp
	}
	f := fs.Lookup(name)
	if f == nil {
		return nil, unknownFlag(fs, name)
	}
	switch {
	case hasValue:
	case isSwitch(f):
		value = "true"
	case len(rest) == 0:
		kind, _ := flag.UnquoteUsage(f)
		return nil, fmt.Errorf("--%s needs a value: --%s %s", name, name, kind)
	default:
		value, rest = rest[0], rest[1:]
	}
	if err := fs.Set(name, value); err != nil {
		return nil, fmt.Errorf("--%s %q: %w", name, value, plain(f, err))
	}
	return rest, nil
}

// plain turns the flag package's bare "parse error" into a sentence.
func plain(f *flag.Flag, err error) error {
	if isSwitch(f) {
		return errors.New("write true or false, or the flag alone")
	}
	return err
}

// isSwitch reports whether a flag may stand without a value.
func isSwitch(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

func isHelpFlag(arg string) bool {
	return slices.Contains([]string{"-h", "-help", "--h", "--help"}, arg)
}

func unknownFlag(fs *flag.FlagSet, name string) error {
	var known []string
	fs.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	if near := config.Nearest(name, known); near != "" {
		return fmt.Errorf("%q has no flag --%s; did you mean --%s?", fs.Name(), name, near)
	}
	return fmt.Errorf("%q has no flag --%s", fs.Name(), name)
}
