package shell

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestSend(t *testing.T) {
	broken := errors.New("disk gone")
	long := strings.Repeat("x", 2*downloadBuffer)
	tests := []struct {
		name  string
		write func(io.Writer) error
		body  string
		err   error
		abort bool
	}{
		{"a file", func(w io.Writer) error { _, err := io.WriteString(w, "a\n"); return err }, "a\n", nil, false},
		{"an empty file", func(io.Writer) error { return nil }, "", nil, false},
		{"a long file", func(w io.Writer) error { _, err := io.WriteString(w, long); return err }, long, nil, false},
		{"an error at the beginning", func(io.Writer) error { return broken }, "", broken, false},
		{"an error in the middle", func(w io.Writer) error {
			_, _ = io.WriteString(w, long)
			return broken
		}, "", nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			s := &Shell{log: slog.New(slog.NewTextHandler(&log, nil))}
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			aborted := false
			err := func() (err error) {
				defer func() { aborted = recover() == http.ErrAbortHandler }()
				return s.Send(w, r, Download{Name: "a.txt", Type: "text/plain", Write: test.write})
			}()
			if aborted != test.abort || !errors.Is(err, test.err) {
				t.Fatalf("aborted %t, error %v", aborted, err)
			}
			if test.abort != strings.Contains(log.String(), "disk gone") {
				t.Errorf("the log says %q", &log)
			}
			if !test.abort && w.Body.String() != test.body {
				t.Errorf("%d bytes, want %d", w.Body.Len(), len(test.body))
			}
			if sent := w.Header().Get("Content-Disposition"); (sent == "") != (err != nil) {
				t.Errorf("Content-Disposition: %q, with the error %v", sent, err)
			}
		})
	}
}
