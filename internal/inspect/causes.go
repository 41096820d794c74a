package inspect

import (
	"bytes"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// How causes are counted: a header by its name, which has none of these bytes in it.
const (
	causeMethod   = " "       // before a method
	causeListener = " upload" // what cannot be told from the preflight
	manyCauses    = ""        // all those that are not told apart
)

// countCauses counts what made the browser ask: an unsafe method, and each name that it
// asks for, for it asks for unsafe ones alone. Where there is neither, what it has not
// said is left: a listener for uploads, or a body that is a stream.
func (t *tally) countCauses(s *slot) {
	found := false
	switch method := s.bytes(textRequestMethod); string(method) {
	case "GET", "HEAD", "POST":
	case "PUT":
		t.causedBy(causeMethod+"PUT", 1)
		found = true
	case "PATCH":
		t.causedBy(causeMethod+"PATCH", 1)
		found = true
	case "DELETE":
		t.causedBy(causeMethod+"DELETE", 1)
		found = true
	default:
		t.causedBy(causeMethod+string(method), 1)
		found = true
	}
	list := s.bytes(textRequestHeaders)
	for len(list) > 0 {
		name := list
		if end := bytes.IndexByte(list, ','); end >= 0 {
			name, list = list[:end], list[end+1:]
		} else {
			list = nil
		}
		if name = trimmed(name); len(name) > 0 && !bytes.HasSuffix(name, []byte(Ellipsis)) {
			t.seeCause(name)
			found = true
		}
	}
	if !found {
		t.causedBy(causeListener, 1)
	}
}

// seeCause counts a header's name. It is copied where it is new.
func (t *tally) seeCause(name []byte) {
	if hits := t.causes[string(name)]; hits != nil {
		*hits++
		return
	}
	t.causedBy(shorten(strings.ToLower(string(name)), maxCauseText), 1)
}

// causeOf is a cause as others know it.
func causeOf(name string) Cause {
	method, isMethod := strings.CutPrefix(name, causeMethod)
	switch {
	case name == causeListener:
		return Cause{Code: preflight.UploadListener}
	case isMethod:
		return Cause{preflight.Method, method}
	}
	return Cause{codeOf(name), name}
}

// codeOf says why a browser asks for a header: by its name, or for a value that it
// cannot have without.
func codeOf(name string) preflight.Code {
	switch name {
	case "accept", "accept-language", "content-language":
		return preflight.HeaderValueByte
	case "content-type":
		return preflight.HeaderType
	case "range":
		return preflight.HeaderRange
	}
	return preflight.HeaderName
}
