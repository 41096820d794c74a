package snapshot_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/crossgate/crossgate/internal/snapshot"
)

// A record is one of a file.
type record struct {
	kind    byte
	content string
}

var written = []record{{1, "title"}, {2, ""}, {200, string(make([]byte, 300))}, {2, "https://app.example.com"}}

// encoded is a file of records.
func encoded(t testing.TB, records ...record) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := snapshot.NewFileWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := w.Put(r.kind, []byte(r.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// decoded reads a file to its end.
func decoded(from io.Reader) (records []record, err error) {
	r, err := snapshot.NewFileReader(from)
	for err == nil {
		var kind byte
		var content []byte
		if kind, content, err = r.Next(); err == nil {
			records = append(records, record{kind, string(content)})
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return records, err
}

func TestFileComesBackAsItWasWritten(t *testing.T) {
	for _, records := range [][]record{nil, written} {
		got, err := decoded(bytes.NewReader(encoded(t, records...)))
		if err != nil || len(got) != len(records) {
			t.Fatalf("%d records, %v; want %d", len(got), err, len(records))
		}
		for i := range got {
			if got[i] != records[i] {
				t.Errorf("record %d: %q, want %q", i, got[i], records[i])
			}
		}
	}
}

// A file that is not byte for byte what was written is of no use: cut anywhere, with any
// bit flipped, or with something behind it (promise P2).
func TestDamagedFileIsNotRead(t *testing.T) {
	whole := encoded(t, written...)
	refused := func(what string, at int, text []byte) {
		t.Helper()
		if _, err := decoded(bytes.NewReader(text)); err == nil {
			t.Errorf("%s at %d: the file is read", what, at)
		}
	}
	for i := range whole {
		refused("cut", i, whole[:i])
		for bit := range 8 {
			flipped := bytes.Clone(whole)
			flipped[i] ^= 1 << bit
			refused("a bit flipped", i, flipped)
		}
	}
	refused("one byte more", len(whole), append(bytes.Clone(whole), 0))
	refused("twice", len(whole), append(bytes.Clone(whole), whole...))
}

func TestLongRecordIsRefused(t *testing.T) {
	w, err := snapshot.NewFileWriter(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Put(1, make([]byte, snapshot.MaxFileRecord+1)); !errors.Is(err, snapshot.ErrRecordTooLong) {
		t.Errorf("error %v", err)
	}
}

// What is read is what was written, or nothing; and what is read is written in the
// same bytes again.
func FuzzFile(f *testing.F) {
	f.Add(encoded(f, written...))
	f.Add(encoded(f))
	f.Fuzz(func(t *testing.T, text []byte) {
		records, err := decoded(bytes.NewReader(text))
		if err == nil && !bytes.Equal(encoded(t, records...), text) {
			t.Errorf("%q is read and would be written differently", text)
		}
	})
}
