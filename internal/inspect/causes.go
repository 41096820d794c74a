package inspect

import (
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
func (o *Observation) countCauses(t *tally) {
	found := false
	switch o.RequestMethod {
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
		t.seeCause(causeMethod + limited(o.RequestMethod, maxCauseText))
		found = true
	}
	for _, field := range o.RequestHeaders {
		for name := range names(limited(field, maxNames)) {
			t.seeCause(name)
			found = true
		}
	}
	if !found {
		t.causedBy(causeListener, 1)
	}
}

// seeCause counts a cause of which a request tells. It is copied where it is new.
func (t *tally) seeCause(name string) {
	if hits := t.causes[name]; hits != nil {
		*hits++
		return
	}
	if !strings.HasPrefix(name, causeMethod) {
		name = strings.ToLower(name)
	}
	t.causedBy(strings.Clone(fit(name, maxCauseText)), 1)
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
