package config

import (
	"strings"
	"unicode"
)

// Sources are where settings come from.
type Sources struct {
	Flags    Flags                        // from [Register]
	Env      func(string) string          // "" where a variable is not set
	ReadFile func(string) ([]byte, error) // usually os.ReadFile
}

// Load reads the settings of a scope: a flag wins over the environment, the
// environment over the file, the file over the default. The error is [Mistakes],
// all of them, or a [*FileError].
func Load(scope Scope, from Sources) (*Config, error) {
	file, mistakes, err := readFile(from)
	if err != nil {
		return nil, err
	}
	c := new(Config)
	if scope&(ForServe|ForSeal) != 0 {
		c.SecretKey = from.Env("CROSSGATE_SECRET_KEY")
	}
	for _, s := range Of(scope) {
		values, source, wrong := from.find(s, file)
		if wrong != nil {
			mistakes = append(mistakes, *wrong)
			continue
		}
		mistakes = append(mistakes, c.apply(s, values, source)...)
	}
	if len(mistakes) == 0 && scope&ForServe != 0 {
		mistakes = c.cross()
	}
	if len(mistakes) > 0 {
		return nil, Mistakes(mistakes)
	}
	return c, nil
}

// find returns the values of a setting from the strongest source that has any,
// and that source's name, which is "" for the default.
func (from Sources) find(s Setting, file *file) (values []string, source string, wrong *Mistake) {
	if values := from.Flags[s.Flag]; len(values) > 0 {
		return values, "--" + s.Flag, nil
	}
	if value := from.Env(s.Env); value != "" {
		return s.split(value), s.Env, nil
	}
	if values, source, wrong := file.find(s); wrong != nil || len(values) > 0 {
		return values, source, wrong
	}
	if s.Default != "" {
		return []string{s.Default}, "", nil
	}
	return nil, "", nil
}

// split takes an environment variable apart where a setting has several values.
func (s Setting) split(value string) []string {
	if !s.Many {
		return []string{value}
	}
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// apply parses the values of one setting.
func (c *Config) apply(s Setting, values []string, source string) []Mistake {
	var mistakes []Mistake
	for _, value := range values {
		if err := s.set(c, value); err != nil {
			mistakes = append(mistakes, Mistake{Setting: s.Flag, From: source, Value: shown(value), Problem: err.Error()})
			continue
		}
		if source != "" {
			c.given = append(c.given, Given{Name: s.Flag, Value: shown(value), From: source})
		}
	}
	return mistakes
}

// from returns where a setting came from, for a mistake about several settings.
func (c *Config) from(flag string) string {
	for _, g := range c.given {
		if g.Name == flag {
			return g.From
		}
	}
	return "--" + flag
}
