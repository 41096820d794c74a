package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// maxThings is how many changed things are shown; an export has all.
const maxThings = 20

// A diff says what became of each thing that a change touched.
type diff struct {
	Things []thing
	More   int // things that are not shown
}

// A thing is one record before and after a change.
type thing struct {
	Kind   string // "Added", "Changed", "Removed"
	Name   string
	Fields []field
}

// A field is what differs in a thing. What was not there is "".
type field struct{ Name, Before, After string }

// newDiff compares the records that a change found with those that it left, both
// as the JSON of the log: a record, a list of records, or null.
func newDiff(before, after []byte) (diff, error) {
	was, err := recordsOf(before)
	if err != nil {
		return diff{}, err
	}
	is, err := recordsOf(after)
	if err != nil {
		return diff{}, err
	}
	var d diff
	for _, key := range keysOf(was, is) {
		t := newThing(was.byKey[key], is.byKey[key])
		switch {
		case t.Kind == "Changed" && len(t.Fields) == 0:
		case len(d.Things) == maxThings:
			d.More++
		default:
			d.Things = append(d.Things, t)
		}
	}
	return d, nil
}

// A record is a thing as it is in the log.
type record map[string]any

// records are things by what identifies them, in the order of the log.
type records struct {
	keys  []string
	byKey map[string]record
}

// recordsOf reads what the log has. Numbers are kept as they are written.
func recordsOf(text []byte) (records, error) {
	found := records{byKey: map[string]record{}}
	if len(bytes.TrimSpace(text)) == 0 {
		return found, nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return found, fmt.Errorf("read the audit log: %w", err)
	}
	list, several := value.([]any)
	if !several {
		list = []any{value}
	}
	for i, one := range list {
		if fields, ok := one.(map[string]any); ok {
			found.add(i, fields)
		}
	}
	return found, nil
}

func (r *records) add(place int, fields record) {
	key := strconv.Itoa(place)
	if id, ok := fields["id"]; ok {
		key = "id " + fmt.Sprint(id)
	}
	r.keys = append(r.keys, key)
	r.byKey[key] = fields
}

// keysOf returns what identifies the things in either list, each once.
func keysOf(was, is records) []string {
	keys := slices.Clone(was.keys)
	for _, key := range is.keys {
		if _, known := was.byKey[key]; !known {
			keys = append(keys, key)
		}
	}
	return keys
}

func newThing(was, is record) thing {
	t := thing{Kind: "Changed", Name: nameIn(is)}
	switch {
	case was == nil:
		t.Kind = "Added"
	case is == nil:
		t.Kind, t.Name = "Removed", nameIn(was)
	}
	for _, key := range fieldsOf(was, is) {
		before, after := textOf(was[key]), textOf(is[key])
		if before != after && (t.Kind == "Changed" || before+after != t.Name) {
			t.Fields = append(t.Fields, field{fieldName(key), shell.Cut(before, maxValue), shell.Cut(after, maxValue)})
		}
	}
	return t
}

// nameIn is what a thing is called.
func nameIn(r record) string {
	for _, key := range []string{"domain", "name", "account", "id"} {
		if text := textOf(r[key]); text != "" {
			return shell.Cut(text, maxValue)
		}
	}
	return ""
}

// unsaid are the fields that say nothing to people, or what the change itself says:
// who made it, and when.
var unsaid = []string{"id", "version", "created_at", "created_by"}

// fieldsOf returns the fields of either record by name, without those.
func fieldsOf(was, is record) []string {
	var keys []string
	for _, r := range []record{was, is} {
		for key := range r {
			if !slices.Contains(unsaid, key) && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}
