package shell

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// FileForm reads a posted form that may carry files, of at most limit bytes in all.
// What a file holds is the value of its field. Nothing is written to disk. The error
// is a [*Problem] or becomes one.
func FileForm(w http.ResponseWriter, r *http.Request, limit int64) (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return Form(w, r, limit)
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, badForm
	}
	values := url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, formError(err)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, formError(err)
		}
		values.Add(part.FormName(), string(value))
	}
}

// formError is the error of a form that could not be read to its end.
func formError(err error) error {
	if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLong
	}
	return badForm
}
