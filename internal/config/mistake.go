package config

import (
	"fmt"
	"strings"
)

// A Mistake is one setting that cannot be used.
type Mistake struct {
	Setting string // as a flag, without the dashes; "" for a key that is no setting
	From    string // "--listen", "CROSSGATE_LISTEN", "listen in crossgate.toml", or "" for a default
	Value   string // as it was given, without any password; "" where none is at fault
	Problem string // what is wrong and what to do
}

func (m Mistake) Error() string {
	if m.Value == "" {
		return fmt.Sprintf("%s: %s", m.From, m.Problem)
	}
	return fmt.Sprintf("%s %q: %s", m.From, m.Value, m.Problem)
}

// Mistakes are all mistakes of one reading of the settings. It is the error of
// [Load] where a person has to change a setting.
type Mistakes []Mistake

func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, mistake := range m {
		lines[i] = mistake.Error()
	}
	return strings.Join(lines, "\n")
}

// A FileError is a settings file that cannot be read.
type FileError struct {
	Path  string
	From  string // "--config" or "CROSSGATE_CONFIG"
	Cause error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("%s: the settings file cannot be read: %v", e.From, e.Cause)
}

func (e *FileError) Unwrap() error { return e.Cause }

// shown is a value fit to be printed and logged: without the passwords of a URL. Where
// nobody has escaped it, a password may hold anything.
func shown(value string) string {
	scheme, rest, ok := strings.Cut(value, "://")
	switch {
	case !ok && isMeantAsServer(value):
		return "xxxxx"
	case !ok:
		return value
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = shownUser(rest[:at]) + "@" + rest[at+1:]
	}
	address, query, asks := strings.Cut(rest, "?")
	if asks && strings.Contains(strings.ToLower(query), "pass") { // PostgreSQL takes passwords there, too
		rest = address + "?xxxxx"
	}
	return scheme + "://" + rest
}

// shownUser is what stands before the @ of an address, with xxxxx for a password.
func shownUser(given string) string {
	name, _, secret := strings.Cut(given, ":")
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) }):
		return "xxxxx"
	case secret:
		return name + ":xxxxx"
	}
	return name
}

func isNameRune(r rune) bool {
	return r == '_' || r == '-' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
