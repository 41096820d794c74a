package shell

import (
	"bufio"
	"io"
	"net/http"
	"strings"
)

// A Download is a file that is made while it is sent.
type Download struct {
	Name  string // of the file, in plain letters
	Type  string // its media type
	Write func(io.Writer) error
}

// downloadBuffer is how much of a file is made before any of it is sent, in
// bytes: until then an error can still become a page.
const downloadBuffer = 32 << 10

// Send answers with a file. An error after its beginning was sent is logged, and
// the connection is broken off: half a file must not pass for a whole one.
func (s *Shell) Send(w http.ResponseWriter, r *http.Request, d Download) error {
	out := &fileWriter{ResponseWriter: w, download: d}
	buffer := bufio.NewWriterSize(out, downloadBuffer)
	err := d.Write(buffer)
	if err == nil {
		err = buffer.Flush()
	}
	switch {
	case err == nil && !out.begun:
		out.begin()
	case err != nil && out.begun:
		s.log.WarnContext(r.Context(), "dashboard download broken off", "route", r.Pattern, "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// A fileWriter sends the header of a download before its first byte.
type fileWriter struct {
	http.ResponseWriter
	download Download
	begun    bool
}

func (f *fileWriter) Write(b []byte) (int, error) {
	f.begin()
	return f.ResponseWriter.Write(b)
}

func (f *fileWriter) begin() {
	if f.begun {
		return
	}
	f.begun = true
	f.Header().Set("Content-Type", f.download.Type)
	f.Header().Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(f.download.Name, `"`, "")+`"`)
}
