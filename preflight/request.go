package preflight

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Request is one that a script makes to another origin. Its JSON is a line of
// crossgate explain --batch.
type Request struct {
	Method  string   `json:"method,omitempty"`  // as the script gives it; "": GET
	Headers []Header `json:"headers,omitempty"` // as the script gives them, in order
	Body    Body     `json:"body_type,omitempty"`
	Mode    Mode     `json:"mode,omitempty"` // of fetch; XMLHttpRequest is always CORS
	API     API      `json:"api,omitempty"`
	// UploadListener says that XMLHttpRequest.upload has a listener when the request is
	// sent.
	UploadListener bool `json:"upload_listener,omitempty"`
	Keepalive      bool `json:"keepalive,omitempty"` // of fetch
}

// A Header is a request header that a script sets. In a [Request] name and value are
// text, whose code points up to U+00FF stand for one byte each; its JSON is [name, value].
type Header struct{ Name, Value string }

// MarshalJSON writes a header as an array of its name and its value.
func (h Header) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]string{h.Name, h.Value})
}

// UnmarshalJSON reads a header from an array of two strings.
func (h *Header) UnmarshalJSON(text []byte) error {
	var pair []string
	if err := json.Unmarshal(text, &pair); err != nil || len(pair) != 2 {
		return errors.New("a header is an array of two strings: its name and its value")
	}
	h.Name, h.Value = pair[0], pair[1]
	return nil
}

// A Body is the kind of a request's body, which decides its default content type.
type Body string

// The kinds of bodies. A blob is made with [BlobOf].
const (
	BodyNone      Body = "none"
	BodyString    Body = "string"
	BodyForm      Body = "form"      // URLSearchParams
	BodyMultipart Body = "multipart" // FormData
	BodyBuffer    Body = "buffer"    // ArrayBuffer, typed arrays
	// BodyStream is a ReadableStream, with duplex: "half", as fetch demands.
	// XMLHttpRequest makes a string of it.
	BodyStream Body = "stream"
)

// blobPrefix begins a Body that is a blob; its type follows.
const blobPrefix = "blob:"

// BlobOf is a Blob or a File that a script makes with a type, which may be "".
func BlobOf(contentType string) Body { return Body(blobPrefix + contentType) }

// blobType returns the type of a blob as the browser keeps it: in lower case, and empty
// where it is not of visible ASCII and blanks (File API, section 3.1).
func (b Body) blobType() (contentType string, ok bool) {
	contentType, ok = strings.CutPrefix(string(b), blobPrefix)
	for i := range len(contentType) {
		if contentType[i] < ' ' || contentType[i] > '~' {
			return "", ok
		}
	}
	return strings.ToLower(contentType), ok
}

// A Mode is a request's mode (Fetch standard, section 2.2.5).
type Mode string

// The modes that a script can ask for.
const (
	ModeCORS       Mode = "cors" // the one where none is given
	ModeNoCORS     Mode = "no-cors"
	ModeSameOrigin Mode = "same-origin"
	ModeNavigate   Mode = "navigate"
)

// An API is what a script makes the request with.
type API string

// The two of them.
const (
	Fetch API = "fetch" // where none is given
	XHR   API = "xhr"   // XMLHttpRequest
)

// A RequestError is a value of a Request that there is not.
type RequestError struct {
	Field string   // as in JSON: "mode"
	Value string   // what it was
	Known []string // what there is
}

func (e *RequestError) Error() string {
	return fmt.Sprintf("there is no %s %q: write %s", e.Field, e.Value, strings.Join(e.Known, ", "))
}

var (
	bodies = []string{"none", "string", "form", "multipart", "blob:TYPE", "buffer", "stream"}
	modes  = []string{string(ModeCORS), string(ModeNoCORS), string(ModeSameOrigin), string(ModeNavigate)}
	apis   = []string{string(Fetch), string(XHR)}
)

// complete puts in what is left out, and refuses what there is not.
func (r Request) complete() (Request, error) {
	if r.Method == "" {
		r.Method = "GET"
	}
	r.Body = cmp.Or(r.Body, BodyNone)
	r.Mode = cmp.Or(r.Mode, ModeCORS)
	r.API = cmp.Or(r.API, Fetch)
	_, blob := r.Body.blobType()
	switch {
	case !blob && (strings.Contains(string(r.Body), ":") || !slices.Contains(bodies, string(r.Body))):
		return r, &RequestError{"body_type", string(r.Body), bodies}
	case !slices.Contains(modes, string(r.Mode)):
		return r, &RequestError{"mode", string(r.Mode), modes}
	case !slices.Contains(apis, string(r.API)):
		return r, &RequestError{"api", string(r.API), apis}
	}
	if r.API == XHR {
		r.Mode, r.Keepalive = ModeCORS, false
	} else {
		r.UploadListener = false
	}
	return r, nil
}
