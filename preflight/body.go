package preflight

import (
	"slices"
	"strings"
)

// readBody: Fetch standard, section 5.4; XMLHttpRequest standard, section 3.5.6.
func (a *attempt) readBody() *thrown {
	a.body = a.r.Body
	bodiless := a.method == "GET" || a.method == "HEAD"
	switch {
	case a.body == BodyNone:
		return nil
	case bodiless && a.r.API == Fetch:
		return throw(TypeError, BodyOnGet, "")
	case bodiless:
		a.body = BodyNone
		a.drop(BodyDropped, "")
		return nil
	case a.body == BodyStream && (a.r.API == XHR || a.rules.has(QuirkStreamText)):
		a.body = BodyString // Web IDL makes a string of what is nothing else
	}
	a.labelBody()
	return nil
}

// labelBody gives the request the content type of its body, unless it has one.
func (a *attempt) labelBody() {
	if _, given := a.get("content-type"); given {
		if a.r.API == XHR && (a.body == BodyString || a.body == BodyForm && a.rules.has(QuirkCharsetForm)) {
			a.correctCharset()
		}
		return
	}
	label := a.defaultType()
	if label == "" {
		return
	}
	if _, blob := a.body.blobType(); blob && a.r.API == XHR && a.rules.has(QuirkDefaultType) {
		a.appendBlobType(label)
		return
	}
	a.append(Header{"Content-Type", normalized(label)})
}

// appendBlobType is for the quirk that there is no limit for it.
func (a *attempt) appendBlobType(label string) {
	a.corrected = label
	if len(label) > MaxSafelistedValue {
		label, _, _ = strings.Cut(label, ";")
	}
	a.append(Header{"Content-Type", label})
}

// boundary stands for the one that the browser makes up, and has the length of it.
const boundary = "----WebKitFormBoundary0123456789abcdef"

// defaultType is a body's own content type (Fetch standard, section 5.2, "extract").
func (a *attempt) defaultType() string {
	switch a.body {
	case BodyString:
		return "text/plain;charset=UTF-8"
	case BodyForm:
		return "application/x-www-form-urlencoded;charset=UTF-8"
	case BodyMultipart:
		return "multipart/form-data; boundary=" + boundary
	}
	label, blob := a.body.blobType()
	_, valid := parseMIME(label)
	if !blob || !valid && a.r.API == XHR && a.rules.has(QuirkBlobType) {
		return ""
	}
	return label
}

// contentType is the one that the request is sent with.
func (a *attempt) contentType() string {
	value, given := a.get("content-type")
	switch {
	case a.corrected != "":
		return a.corrected
	case given && a.r.API == Fetch && a.rules.has(QuirkOneType):
		return a.oneType()
	}
	return value
}

// oneType is for the quirk that of several content types one is sent.
func (a *attempt) oneType() string {
	var types []string
	for _, h := range a.headers {
		if equalFold(h.Name, "content-type") {
			types = append(types, h.Value)
		}
	}
	if a.body == BodyNone {
		return types[len(types)-1]
	}
	return types[0]
}

// correctCharset makes the charset of a string's content type UTF-8, which it is sent in
// (XMLHttpRequest standard, section 3.5.6).
func (a *attempt) correctCharset() {
	value, _ := a.get("content-type")
	if a.rules.has(QuirkCharsetIn) {
		a.setContentType(charsetInPlace(value))
		return
	}
	if a.body == BodyForm {
		a.corrected = charsetOfForm(value)
		return
	}
	m, ok := parseMIME(value)
	charset, found := m.parameter("charset")
	if !ok || !found || equalFold(*charset, "utf-8") {
		return
	}
	*charset = "UTF-8"
	if a.rules.has(QuirkCharsetLate) {
		a.corrected = m.String()
		return
	}
	a.setContentType(m.String())
}

// setContentType: Fetch standard, section 2.2.2, "set".
func (a *attempt) setContentType(value string) {
	isType := func(h Header) bool { return equalFold(h.Name, "content-type") }
	first := slices.IndexFunc(a.headers, isType)
	name := a.headers[first].Name
	a.headers = slices.DeleteFunc(a.headers, isType)
	a.headers = slices.Insert(a.headers, first, Header{name, value})
}

// charsetInPlace writes UTF-8 over each charset of a content type and leaves all else
// as it is.
func charsetInPlace(value string) string {
	const name = "charset"
	for from := 0; ; {
		i := strings.Index(lowerASCII(value[from:]), name)
		if i < 0 {
			return value
		}
		begins := from+i > 0 && (value[from+i-1] <= ' ' || value[from+i-1] == ';')
		from += i + len(name)
		from += lengthOf(value[from:], isBlank)
		if !begins || !strings.HasPrefix(value[from:], "=") {
			continue
		}
		from++
		from += lengthOf(value[from:], func(c byte) bool { return isBlank(c) || isQuote(c) })
		n := lengthOf(value[from:], func(c byte) bool { return !isBlank(c) && !isQuote(c) && c != ';' })
		if n > 0 {
			value = value[:from] + "UTF-8" + value[from+n:]
			from += len("UTF-8")
		}
	}
}

// charsetOfForm makes UTF-8 the value of the charset, and leaves all else as it is.
func charsetOfForm(value string) string {
	parts := strings.Split(value, ";")
	for i, part := range parts[1:] {
		name, charset, ok := strings.Cut(part, "=")
		if ok && equalFold(strings.Trim(name, httpWhitespace), "charset") && !equalFold(strings.Trim(charset, httpWhitespace), "utf-8") {
			parts[i+1] = name + "=UTF-8"
		}
	}
	return strings.Join(parts, ";")
}

// lengthOf returns how many bytes at the start are of a kind.
func lengthOf(s string, kind func(byte) bool) int {
	for i := range len(s) {
		if !kind(s[i]) {
			return i
		}
	}
	return len(s)
}

func isBlank(c byte) bool { return c <= ' ' }
func isQuote(c byte) bool { return c == '"' || c == '\'' }

// streams reports whether the body is sent as a stream.
func (a *attempt) streams() bool { return a.body == BodyStream }

// listens reports whether an upload listener asks for a preflight.
func (a *attempt) listens() bool {
	return a.r.UploadListener && (a.body != BodyNone || !a.rules.has(QuirkListener))
}

// checkStream: Fetch standard, sections 5.2 and 5.4.
func (a *attempt) checkStream() *thrown {
	switch {
	case !a.streams():
		return nil
	case a.r.Keepalive:
		return throw(TypeError, KeepaliveStream, "")
	case a.r.Mode == ModeNoCORS:
		return throw(TypeError, NoCORSStream, "")
	case a.rules.has(QuirkStreamNone):
		return throw(NotSupportedError, StreamUnknown, "")
	}
	return nil
}

// checkOrigin: Fetch standard, section 4.1. A same-origin request to another origin is a
// network error, for which fetch rejects with a TypeError.
func (a *attempt) checkOrigin() *thrown {
	if a.r.Mode == ModeSameOrigin {
		return throw(TypeError, SameOriginMode, "")
	}
	return nil
}
