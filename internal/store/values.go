package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// moment is a time in milliseconds of Unix time, null for the zero time.
type moment time.Time

// Value writes the time.
func (m moment) Value() (driver.Value, error) {
	if t := time.Time(m); !t.IsZero() {
		return t.UnixMilli(), nil
	}
	return nil, nil
}

// Scan reads the time.
func (m *moment) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*m = moment{}
	case int64:
		*m = moment(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("a time is stored as %T", v)
	}
	return nil
}

// flag is a truth value as a number.
type flag bool

// Value writes the flag.
func (f flag) Value() (driver.Value, error) {
	if f {
		return int64(1), nil
	}
	return int64(0), nil
}

// Scan reads the flag.
func (f *flag) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*f = v != 0
	case bool:
		*f = flag(v)
	default:
		return fmt.Errorf("a flag is stored as %T", v)
	}
	return nil
}

// entry is a Trusted Domain in its normalised text. One that cannot be parsed is
// an error and never left out: what is not wholly read is not acted on.
type entry trust.Domain

// Value writes the entry.
func (e entry) Value() (driver.Value, error) { return trust.Domain(e).String(), nil }

// Scan reads the entry.
func (e *entry) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a Trusted Domain is stored as %T", v)
	}
	d, err := trust.ParseDomain(text)
	if err != nil {
		return fmt.Errorf("a stored Trusted Domain cannot be read: %w", err)
	}
	*e = entry(d)
	return nil
}

// array is a list as JSON.
type array[T any] []T

// Value writes the list.
func (a array[T]) Value() (driver.Value, error) {
	if a == nil {
		return "[]", nil
	}
	b, err := json.Marshal([]T(a))
	return string(b), err
}

// Scan reads the list; an empty one, and null, is nil.
func (a *array[T]) Scan(v any) error {
	if v == nil {
		*a = nil
		return nil
	}
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a list is stored as %T", v)
	}
	*a = nil
	if text == "[]" { // most of a million are
		return nil
	}
	var list []T
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return fmt.Errorf("a stored list cannot be read: %w", err)
	}
	if len(list) > 0 {
		*a = list
	}
	return nil
}

// names is a list as JSON of which nil, stored as null, and an empty one differ.
type names []string

// Value writes the list.
func (n names) Value() (driver.Value, error) {
	if n == nil {
		return nil, nil
	}
	return array[string](n).Value()
}

// Scan reads the list.
func (n *names) Scan(v any) error {
	*n = nil
	if v == nil {
		return nil
	}
	if err := (*array[string])(n).Scan(v); err != nil {
		return err
	}
	if *n == nil {
		*n = names{}
	}
	return nil
}

// document is JSON as text; nil is null.
type document []byte

// Scan reads the document.
func (d *document) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = nil
	case string:
		*d = document(v)
	default:
		return fmt.Errorf("a document is stored as %T", v)
	}
	return nil
}

// reference is the id of another row, null for 0.
type reference int64

// Value writes the reference.
func (r reference) Value() (driver.Value, error) {
	if r == 0 {
		return nil, nil
	}
	return int64(r), nil
}

// digest is the 32 bytes of a SHA-256.
type digest [32]byte

// Value writes the digest.
func (d digest) Value() (driver.Value, error) { return d[:], nil }

// Scan reads the digest.
func (d *digest) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok || len(b) != len(d) {
		return fmt.Errorf("a digest is stored as %T of %d bytes", v, len(b))
	}
	copy(d[:], b)
	return nil
}

// containing is the LIKE pattern for texts that contain a search, which is in
// lower case as the search columns are.
func containing(search string) string {
	return "%" + escaped(search) + "%"
}

func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// below is the LIKE pattern for the actions of a family: "domain" has "domain.add".
func below(action string) string { return escaped(action) + ".%" }
