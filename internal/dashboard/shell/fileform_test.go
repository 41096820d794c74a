package shell

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestFileForm(t *testing.T) {
	const boundary = "multipart/form-data; boundary=x"
	whole := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a\"\r\n\r\none\ntwo\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ncsv\r\n--x--\r\n"
	tests := []struct {
		name, contentType, body string
		file, kind              string
		limit                   int64
		err                     error
	}{
		{"with a file", boundary, whole, "one\ntwo", "csv", 1000, nil},
		{"without any", "application/x-www-form-urlencoded", "file=one&kind=csv", "one", "csv", 1000, nil},
		{"in the middle of a file", boundary, whole[:80], "", "", 1000, badForm},
		{"without a boundary", "multipart/form-data", whole, "", "", 1000, badForm},
		{"too long", boundary, whole, "", "", 80, new(http.MaxBytesError)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
			r.Header.Set("Content-Type", test.contentType)
			values, err := FileForm(httptest.NewRecorder(), r, test.limit)
			if _, tooLong := test.err.(*http.MaxBytesError); tooLong {
				if !errors.As(err, new(*http.MaxBytesError)) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if !errors.Is(err, test.err) || values.Get("file") != test.file || values.Get("kind") != test.kind {
				t.Errorf("got %q, %v", values, err)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	both := Files{
		fstest.MapFS{"a": {Data: []byte("first")}},
		fstest.MapFS{"a": {Data: []byte("second")}, "b": {Data: []byte("other")}},
	}
	if err := fstest.TestFS(Files{fstest.MapFS{"a": {}}}, "a"); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]int64{"a": 5, "b": 5} {
		f, err := both.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := f.Stat(); err != nil || info.Size() != want {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		f.Close()
	}
	if _, err := both.Open("c"); err == nil {
		t.Error("what is not there was opened")
	}
}
