package config

import (
	"fmt"
	"net/url"
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

// shown is a value fit to be printed and logged: without the password of a URL.
func shown(value string) string {
	scheme, rest, ok := strings.Cut(value, "://")
	if !ok {
		return value
	}
	authority, _, _ := strings.Cut(rest, "/")
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return value
	}
	if u, err := url.Parse(value); err == nil {
		return u.Redacted()
	}
	return scheme + "://xxxxx@" + rest[at+1:]
}
