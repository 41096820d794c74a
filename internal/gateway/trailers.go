package gateway

import (
	"io"
	"net/http"
	"strings"
)

// A trailerScreen is the body of a response to an unwrapped request. Trailers are
// known when the body has ended: then it takes out what the head must not have
// either (rule 2).
type trailerScreen struct {
	io.ReadCloser
	res *http.Response
}

func (t *trailerScreen) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if err == io.EOF {
		for name := range t.res.Trailer {
			if name == "Set-Cookie" || strings.HasPrefix(name, "Access-Control-") {
				delete(t.res.Trailer, name)
			}
		}
	}
	return n, err
}
