package preflight

import (
	"slices"
	"strings"
)

// An attempt is a request in the making. Its method and headers are in bytes.
type attempt struct {
	rules   *rules
	r       Request
	method  string
	headers []Header
	dropped []Cause
	body    Body // that is sent

	corrected string // the content type that is sent, where another one is judged; or ""
}

// A thrown is an exception, and why it was thrown.
type thrown struct {
	exception Exception
	cause     Cause
}

func throw(e Exception, code Code, header string) *thrown {
	return &thrown{e, Cause{code, header, detailOf(code)}}
}

// make does what fetch or XMLHttpRequest do before anything is sent.
func (a *attempt) make() *thrown {
	for _, step := range []func() *thrown{a.readMode, a.readMethod, a.readHeaders, a.readBody, a.checkStream, a.checkOrigin} {
		if t := step(); t != nil {
			return t
		}
	}
	return nil
}

// readMode: Fetch standard, section 5.4, "new Request(input, init)".
func (a *attempt) readMode() *thrown {
	if a.r.Mode == ModeNavigate {
		return throw(TypeError, NavigateMode, "")
	}
	return nil
}

// readMethod: Fetch standard, section 5.4; XMLHttpRequest standard, section 3.5.1.
func (a *attempt) readMethod() *thrown {
	method, ok := bytesOf(a.r.Method)
	switch {
	case !ok:
		return throw(TypeError, TextNotBytes, "")
	case !IsToken(method):
		return throw(a.orTypeError(SyntaxError), MethodInvalid, "")
	case isForbiddenMethod(method):
		return throw(a.orTypeError(SecurityError), MethodForbidden, "")
	}
	a.method = normalizedMethod(method)
	if a.r.Mode == ModeNoCORS && !isSafelistedMethod(a.method) {
		return throw(TypeError, NoCORSMethod, "")
	}
	return nil
}

// orTypeError is what XMLHttpRequest throws where fetch has only TypeError.
func (a *attempt) orTypeError(e Exception) Exception {
	if a.r.API == XHR {
		return e
	}
	return TypeError
}

// normalizedMethod: Fetch standard, section 2.2.1, "normalize". There is no PATCH.
func normalizedMethod(method string) string {
	for _, known := range []string{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} {
		if equalFold(method, known) {
			return known
		}
	}
	return method
}

func (a *attempt) readHeaders() *thrown {
	for _, h := range a.r.Headers {
		if t := a.setHeader(h); t != nil {
			return t
		}
	}
	return nil
}

// setHeader is Headers.append or setRequestHeader (Fetch standard, section 5.1;
// XMLHttpRequest standard, section 3.5.2).
func (a *attempt) setHeader(h Header) *thrown {
	name, ok := bytesOf(h.Name)
	value, ok2 := bytesOf(h.Value)
	value = normalized(value)
	switch {
	case !ok:
		return throw(TypeError, TextNotBytes, "")
	case !IsToken(name):
		if !ok2 {
			return throw(TypeError, TextNotBytes, "")
		}
		return throw(a.orTypeError(SyntaxError), NameInvalid, "")
	case !ok2:
		return throw(TypeError, TextNotBytes, lowerASCII(name))
	case !isValue(value):
		return throw(a.orTypeError(SyntaxError), ValueInvalid, lowerASCII(name))
	}
	a.append(Header{name, value})
	return nil
}

// append adds a header, unless it is dropped in silence.
func (a *attempt) append(h Header) {
	switch {
	case IsForbiddenHeader(h.Name, h.Value), a.rules.has(QuirkUserAgent) && equalFold(h.Name, "user-agent"):
		a.drop(HeaderForbidden, h.Name)
	case a.r.Mode == ModeNoCORS && !a.fitsNoCORS(h):
		a.drop(HeaderNoCORS, h.Name)
	default:
		a.headers = append(a.headers, h)
	}
}

func (a *attempt) drop(code Code, name string) {
	a.dropped = append(a.dropped, Cause{code, lowerASCII(name), detailOf(code)})
}

// fitsNoCORS reports whether a header may be added to a no-cors request, together with
// those of its name that it has (Fetch standard, section 5.1, "append").
func (a *attempt) fitsNoCORS(h Header) bool {
	value := h.Value
	if before, ok := a.get(h.Name); ok {
		value = before + ", " + value
	}
	place := safelistPlace(h.Name)
	return place != unlisted && place != byteRange && a.rules.unsafe(h.Name, value) == ""
}

// get returns the values of a name, combined (Fetch standard, section 2.2.2, "get").
func (a *attempt) get(name string) (value string, ok bool) {
	var values []string
	for _, h := range a.headers {
		if equalFold(h.Name, lowerASCII(name)) {
			values = append(values, h.Value)
		}
	}
	return strings.Join(values, ", "), len(values) > 0
}

// judged are the headers as they are looked at for the preflight: combined where a name
// is given twice and the API or the engine combines.
func (a *attempt) judged() []Header {
	if a.r.API != XHR && !a.rules.has(QuirkCombined) {
		return a.headers
	}
	var combined []Header
	for _, h := range a.headers {
		lower := lowerASCII(h.Name)
		if slices.ContainsFunc(combined, func(c Header) bool { return c.Name == lower }) {
			continue
		}
		value, _ := a.get(h.Name)
		combined = append(combined, Header{lower, value})
	}
	return combined
}
