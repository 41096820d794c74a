package config

import (
	"flag"
	"fmt"
	"slices"
)

// A Scope says which commands use a setting.
type Scope uint8

// The scopes. They can be combined.
const (
	ForData   Scope = 1 << iota // every command that opens the database
	ForCheck                    // crossgate domain check
	ForServe                    // crossgate serve
	ForInvite                   // crossgate user invite
	ForSeal                     // crossgate site set
	ForSite                     // crossgate site: from the environment and the file alone
	ForPlace                    // every command that works on what one site has
)

// A Setting is one row of the table of settings.
type Setting struct {
	Key     string // in the file; "" where it cannot stand there
	Env     string // environment variable
	Flag    string // flag, without the dashes
	Kind    string // what a value is, in the flag's help: URL, ADDR, FILE, …
	Many    bool   // may be repeated; in the environment separated by commas or spaces, in the file an array
	Default string // "" where there is none
	Meaning string // one sentence without a full stop
	Scope   Scope

	set func(*Config, string) error // parses one value
}

// Of returns the settings of a scope, in the order of the table.
func Of(scope Scope) []Setting {
	return slices.DeleteFunc(Settings(), func(s Setting) bool { return s.Scope&scope == 0 })
}

// Flags are the values of settings given as flags, by the flag's name.
type Flags map[string][]string

// Register adds the flags of a scope to a flag set, and returns where their
// values will be found once the flag set has been parsed.
func Register(fs *flag.FlagSet, scope Scope) Flags {
	given := make(Flags)
	for _, s := range Of(scope &^ ForSite) {
		fs.Func(s.Flag, s.usage(), func(value string) error {
			given[s.Flag] = append(given[s.Flag], value)
			return nil
		})
	}
	return given
}

// usage is the flag's help, in the form that [flag.UnquoteUsage] takes apart.
func (s Setting) usage() string {
	usage := fmt.Sprintf("`%s` %s", s.Kind, s.Meaning)
	if s.Many {
		usage += " (repeatable)"
	}
	if s.Default != "" {
		usage += fmt.Sprintf(" (default %s)", s.Default)
	}
	return usage
}
