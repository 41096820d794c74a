package preflight

import (
	"fmt"
	"strings"
)

// details are the sentences of the causes that need no more said.
var details = map[Code]string{
	UploadListener: "XMLHttpRequest.upload has a listener: who measures an upload learns whether the server is there.",
	StreamBody:     "A ReadableStream as the body always asks first: no HTML form can send one.",

	TextNotBytes:    "Methods and headers hold code points up to U+00FF alone. Encode the text, for example with encodeURIComponent.",
	MethodInvalid:   "The method is not a token: letters, digits and !#$%&'*+-.^_`|~, at least one.",
	MethodForbidden: "CONNECT, TRACE and TRACK are forbidden to scripts.",
	NameInvalid:     "The name of a header is not a token: letters, digits and !#$%&'*+-.^_`|~, at least one.",
	ValueInvalid:    "The value of a header has a NUL, a carriage return or a line feed in it.",
	BodyOnGet:       "fetch sends no body with GET and HEAD. Use POST, or put it into the query.",
	NoCORSMethod:    "With mode no-cors there are GET, HEAD and POST alone.",
	NoCORSStream:    "With mode no-cors a ReadableStream cannot be the body.",
	KeepaliveStream: "With keepalive a ReadableStream cannot be the body.",
	NavigateMode:    "fetch cannot navigate: leave the mode out.",
	SameOriginMode:  "With mode same-origin a request to another origin fails before it is sent. Leave the mode out.",
	StreamUnknown:   "This engine cannot send a ReadableStream. Send a Blob or a buffer.",

	HeaderForbidden: "The browser alone sets this header: it is left out in silence.",
	HeaderNoCORS:    "With mode no-cors only safelisted headers are sent: this one is left out in silence.",
	BodyDropped:     "XMLHttpRequest leaves the body of GET and HEAD out in silence.",
}

func detailOf(code Code) string { return details[code] }

func methodDetail(method string) string {
	upper := strings.ToUpper(method)
	switch {
	case method == upper:
		return fmt.Sprintf("The method %s is none of GET, HEAD and POST.", short(method))
	case upper == "PATCH":
		return fmt.Sprintf("The method %s is none of GET, HEAD and POST, and is sent as it is: write PATCH, which browsers do not do for you.", short(method))
	}
	return fmt.Sprintf("The method %s is none of GET, HEAD and POST. It is case-sensitive, and sent as it is.", short(method))
}

// causeOf is the cause that a header is.
func causeOf(code Code, h Header) Cause {
	name := lowerASCII(h.Name)
	return Cause{code, name, headerDetail(code, name, h.Value)}
}

// headerDetail names the value only of headers that hold no secrets.
func headerDetail(code Code, name, value string) string {
	switch code {
	case HeaderValueLong:
		return fmt.Sprintf("The value of %s has %d bytes; more than %d are not safelisted.", name, len(value), MaxSafelistedValue)
	case HeaderValueByte:
		return fmt.Sprintf("The value of %s has %s in it, which is not safelisted.", name, firstUnsafe(name, value))
	case HeaderType:
		return fmt.Sprintf("The content type %q is none of the three that an HTML form can send: application/x-www-form-urlencoded, multipart/form-data, text/plain.", short(textOf(value)))
	case HeaderRange:
		return fmt.Sprintf("The range %q is not a single one with a first byte, as bytes=0-499 and bytes=500- are.", short(textOf(value)))
	case HeadersLong:
		return fmt.Sprintf("The safelisted values have more than %d bytes together, so that %s counts, too.", MaxSafelistedValues, name)
	}
	return fmt.Sprintf("%s is not one of the headers that need no preflight.", name)
}

// firstUnsafe names the first byte that is not safelisted.
func firstUnsafe(name, value string) string {
	i := indexUnsafe(value)
	if place := safelistPlace(name); place == acceptLanguage || place == contentLanguage {
		i = indexNotLanguage(value)
	}
	switch {
	case i < 0:
		return "a byte from 0x80 on"
	case value[i] > ' ' && value[i] < 0x7f:
		return fmt.Sprintf("a %q", value[i])
	}
	return fmt.Sprintf("the byte 0x%02X", value[i])
}

// short bounds what is repeated of a request.
func short(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
