package doctor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Limits of a recording.
const (
	MaxRecording = 256 << 20 // bytes of the file
	MaxEntries   = 20_000    // requests in it
	MaxFields    = 500       // header fields of one request or response
)

// A RecordingError says why a file is no recording that can be read. Nothing of the file
// is in it.
type RecordingError struct{ Text string }

func (e *RecordingError) Error() string { return e.Text }

var (
	errNotHAR      = &RecordingError{"the file is no HAR recording: it begins with {\"log\": {…, \"entries\": […]}}, as developer tools save it"}
	errManyEntries = &RecordingError{fmt.Sprintf("the recording has more than %d requests: record less at a time", MaxEntries)}
	errManyFields  = &RecordingError{fmt.Sprintf("a request or response in the recording has more than %d header fields", MaxFields)}
	errLargeHAR    = &RecordingError{fmt.Sprintf("the recording has more than %d MiB: save it without content", MaxRecording>>20)}
)

// A harEntry is one request of a recording, as far as it matters here (HAR 1.2, section
// "entries"; names that begin with _ are Chromium's). Bodies and cookies are not kept.
type harEntry struct {
	Started harTime `json:"startedDateTime"`
	Request struct {
		Method  string     `json:"method"`
		URL     string     `json:"url"`
		Headers harHeaders `json:"headers"`
		Post    *struct{}  `json:"postData"`
	} `json:"request"`
	Response struct {
		Status  int        `json:"status"`
		Headers harHeaders `json:"headers"`
		Error   string     `json:"_error"`
	} `json:"response"`
	Timings struct {
		Wait float64 `json:"wait"`
	} `json:"timings"`
	Kind string `json:"_resourceType"`
}

// harTime is when a request began. Tools write it in several ways; what cannot be read
// is the zero time, since times only tell requests to one address apart.
type harTime struct{ time.Time }

// UnmarshalJSON never fails.
func (t *harTime) UnmarshalJSON(text []byte) error {
	parsed, err := time.Parse(`"`+time.RFC3339+`"`, string(text))
	if err == nil {
		t.Time = parsed
	}
	return nil
}

// harHeaders are names and values, in order.
type harHeaders [][2]string

// UnmarshalJSON reads an array of objects with a name and a value, MaxFields at most.
func (h *harHeaders) UnmarshalJSON(text []byte) error {
	var all []struct{ Name, Value string }
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	if len(all) > MaxFields {
		return errManyFields
	}
	for _, one := range all {
		*h = append(*h, [2]string{one.Name, one.Value})
	}
	return nil
}

// readHAR reads the entries of a recording one by one, so that what is not kept of them
// is in memory only for a moment. The error is a [*RecordingError], or that of reading.
func readHAR(file io.Reader) ([]*harEntry, error) {
	limited := &io.LimitedReader{R: file, N: MaxRecording}
	d := json.NewDecoder(limited)
	var all []*harEntry
	found := false
	err := object(d, func(name string) error {
		if name != "log" {
			return skip(d)
		}
		return object(d, func(name string) error {
			if name != "entries" {
				return skip(d)
			}
			found = true
			return array(d, func() error {
				if len(all) == MaxEntries {
					return errManyEntries
				}
				e := new(harEntry)
				all = append(all, e)
				return d.Decode(e)
			})
		})
	})
	if limited.N == 0 {
		return nil, errLargeHAR
	}
	return all, notHAR(err, found)
}

// notHAR tells a file that is no recording from one that could not be read.
func notHAR(err error, found bool) error {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	if syntax || kind || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil && !found {
		return errNotHAR
	}
	return err
}

// object reads an object, and calls for each of its members.
func object(d *json.Decoder, member func(name string) error) error {
	if err := delimiter(d, '{'); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if err := member(name.(string)); err != nil { // a name is a string
			return err
		}
	}
	return delimiter(d, '}')
}

// array reads an array, and calls for each of its elements.
func array(d *json.Decoder, element func() error) error {
	if err := delimiter(d, '['); err != nil {
		return err
	}
	for d.More() {
		if err := element(); err != nil {
			return err
		}
	}
	return delimiter(d, ']')
}

func delimiter(d *json.Decoder, want json.Delim) error {
	got, err := d.Token()
	if err == nil && got != want {
		return errNotHAR
	}
	return err
}

func skip(d *json.Decoder) error { return d.Decode(new(json.RawMessage)) }
