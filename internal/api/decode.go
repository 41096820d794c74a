package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/crossgate/crossgate/internal/control"
)

// Limits of request bodies, in bytes.
const (
	maxBody     = 64 << 10
	maxBulkBody = control.MaxText + 1<<20 // quotes and commas around the entries
)

func maxBodyOf(route Route) int64 {
	if strings.HasPrefix(route.within(), "/domains") && route.Method == http.MethodPost {
		return maxBulkBody
	}
	return maxBody
}

// members are the members that a request's object may have, each with a pointer to
// where its value goes. Null is taken by types that read JSON themselves, alone.
type members map[string]any

// decode reads the body, one JSON object (RFC 8259), and tells all mistakes at once.
// Names count to the letter, and each once.
func (c *call) decode(into members) error {
	text, err := io.ReadAll(c.Body)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	if err != nil {
		return malformed("The body ended early.")
	}
	given, err := objectOf(text)
	if err != nil {
		return err
	}
	var wrong []mistake
	for _, name := range slices.Sorted(maps.Keys(given)) {
		target, ok := into[name]
		if !ok {
			wrong = append(wrong, mistake{name, "unknown", "There is no such member here; there are " + strings.Join(slices.Sorted(maps.Keys(into)), ", ") + "."})
			continue
		}
		if err := assign(target, given[name]); err != nil {
			wrong = append(wrong, mistake{name, "type", sentence(err.Error())})
		}
	}
	if wrong == nil {
		return nil
	}
	p := malformed(wrong[0].Field + ": " + wrong[0].Message)
	p.Errors = wrong
	return p
}

func malformed(detail string) *problem {
	return newProblem(http.StatusBadRequest, "malformed", "The body cannot be understood", detail)
}

// objectOf splits a JSON object into its members.
func objectOf(text []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(text) {
		return nil, malformed("The body is not UTF-8.")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil, malformed("Send one JSON object.")
	}
	object := map[string]json.RawMessage{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, malformed("The body is not valid JSON: " + err.Error() + ".")
		}
		key, _ := name.(string) // the decoder takes nothing else for a name
		if _, twice := object[key]; twice {
			p := malformed(key + " is there twice.")
			p.Errors = []mistake{{key, "twice", "Give it once."}}
			return nil, p
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, malformed("The body is not valid JSON: " + err.Error() + ".")
		}
		object[key] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, malformed("The body is not valid JSON: the object does not end.")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed("There is something behind the JSON object.")
	}
	return object, nil
}

// assign writes a value to where it goes.
func assign(target any, value json.RawMessage) error {
	_, reads := target.(json.Unmarshaler)
	if !reads && bytes.Equal(value, []byte("null")) {
		return errors.New("it cannot be null; leave it out")
	}
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.DisallowUnknownFields()
	err := dec.Decode(target)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("it is %s, and must be %s", article(wrong.Value), wanted(wrong.Type.String()))
	}
	return err
}

func article(value string) string {
	if kind, number, ok := strings.Cut(value, " "); ok && kind == "number" {
		return "the number " + number
	}
	return "of type " + value
}

// wanted is a type of Go's as JSON has it.
func wanted(of string) string {
	switch {
	case strings.HasPrefix(of, "[]"):
		return "an array of " + strings.TrimPrefix(wanted(of[2:]), "a ") + "s"
	case strings.HasPrefix(of, "int"):
		return "a whole number"
	case of == "bool":
		return "true or false"
	case strings.HasPrefix(of, "*"):
		return wanted(of[1:])
	case strings.HasPrefix(of, "api."):
		return "an object"
	}
	return "a string"
}

// A moment is a time that may be null, for never, or not there at all.
type moment struct {
	given bool
	at    time.Time // zero: null
}

// UnmarshalJSON reads RFC 3339 or null.
func (m *moment) UnmarshalJSON(text []byte) error {
	m.given = true
	if string(text) == "null" {
		return nil
	}
	var written string
	if json.Unmarshal(text, &written) != nil {
		return errors.New("it must be a time such as 2030-01-31T18:00:00Z, or null for never")
	}
	at, err := time.Parse(time.RFC3339, written)
	if err != nil || at.IsZero() {
		return fmt.Errorf("%.40q is no time; write it as 2030-01-31T18:00:00Z, or null for never", written)
	}
	m.at = at
	return nil
}

// changed returns the time where it was given, and nil where not.
func (m *moment) changed() *time.Time {
	if !m.given {
		return nil
	}
	return &m.at
}

// noBody checks that a request which says everything by its path has no body, or an
// empty object.
func (c *call) noBody() error {
	if c.ContentLength == 0 {
		return nil
	}
	return c.decode(members{})
}
