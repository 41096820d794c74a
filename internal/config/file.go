package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// A file is what a settings file says, key by key.
type file struct {
	path string
	keys map[string]any
}

// readFile reads the settings file, if one is given. Keys that are no settings
// are mistakes: a setting that is silently not in force is worse than none.
func readFile(from Sources) (*file, []Mistake, error) {
	path, source := from.configPath()
	if path == "" {
		return &file{}, nil, nil
	}
	text, err := from.ReadFile(path)
	if err != nil {
		return nil, nil, &FileError{Path: path, From: source, Cause: err}
	}
	f := &file{path: path}
	if err := toml.Unmarshal(text, &f.keys); err != nil {
		return f, []Mistake{notTOML(path, err)}, nil
	}
	return f, f.unknown(), nil
}

// configPath returns the settings file's name and where that came from.
func (from Sources) configPath() (path, source string) {
	const flag, env = "config", "CROSSGATE_CONFIG"
	if values := from.Flags[flag]; len(values) > 0 {
		return values[len(values)-1], "--" + flag
	}
	return from.Env(env), env
}

func notTOML(path string, err error) Mistake {
	m := Mistake{From: path, Problem: "not TOML: " + err.Error()}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		line, column := at.Position()
		m.From = fmt.Sprintf("%s:%d:%d", path, line, column)
		m.Problem = "not TOML: " + strings.TrimPrefix(at.Error(), "toml: ")
	}
	return m
}

// unknown returns a mistake for each key that is no setting.
func (f *file) unknown() []Mistake {
	known := keys()
	var mistakes []Mistake
	for _, key := range slices.Sorted(maps.Keys(f.keys)) {
		if slices.Contains(known, key) {
			continue
		}
		problem := "is no setting; the settings are " + strings.Join(known, ", ")
		if near := Nearest(key, known); near != "" {
			problem = fmt.Sprintf("is no setting; did you mean %s?", near)
		}
		mistakes = append(mistakes, Mistake{From: f.path, Value: key, Problem: problem})
	}
	return mistakes
}

// keys returns the keys that may stand in a settings file.
func keys() []string {
	var keys []string
	for _, s := range Settings() {
		if s.Key != "" {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// find returns the values that the file has for a setting.
func (f *file) find(s Setting) (values []string, source string, wrong *Mistake) {
	value, ok := f.keys[s.Key]
	if !ok || s.Key == "" {
		return nil, "", nil
	}
	source = s.Key + " in " + f.path
	if text, ok := value.(string); ok {
		return []string{text}, source, nil
	}
	if list, ok := value.([]any); ok && s.Many {
		if values, ok := texts(list); ok {
			return values, source, nil
		}
	}
	want := fmt.Sprintf("write text in quotes: %s = %q", s.Key, "…")
	if s.Many {
		want = fmt.Sprintf("write text in quotes, or several in brackets: %s = [%q, %q]", s.Key, "…", "…")
	}
	return nil, source, &Mistake{Setting: s.Flag, From: source, Value: fmt.Sprint(value), Problem: want}
}

func texts(list []any) ([]string, bool) {
	values := make([]string, len(list))
	for i, v := range list {
		text, ok := v.(string)
		if !ok {
			return nil, false
		}
		values[i] = text
	}
	return values, true
}
