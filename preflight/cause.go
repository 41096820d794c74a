package preflight

// A Code is the stable name of a cause.
type Code string

// The causes of a preflight.
const (
	Method          Code = "method"              // it is not GET, HEAD or POST
	HeaderName      Code = "header-name"         // the header's name is not on the safelist
	HeaderValueByte Code = "header-value-byte"   // its value has a byte that is not safelisted
	HeaderValueLong Code = "header-value-long"   // its value has more than MaxSafelistedValue bytes
	HeaderType      Code = "header-content-type" // the content type is none that an HTML form sends
	HeaderRange     Code = "header-range"        // the range is not a single one with a first byte
	HeadersLong     Code = "headers-long"        // the safelisted values have more than MaxSafelistedValues bytes
	UploadListener  Code = "upload-listener"     // XMLHttpRequest.upload has a listener
	StreamBody      Code = "stream-body"         // the body is a ReadableStream
)

// The causes of an exception: nothing is sent.
const (
	TextNotBytes    Code = "text-not-bytes"     // a code point over U+00FF in the method or a header
	MethodInvalid   Code = "method-invalid"     // the method is not a token
	MethodForbidden Code = "method-forbidden"   // CONNECT, TRACE, TRACK
	NameInvalid     Code = "name-invalid"       // a header's name is not a token
	ValueInvalid    Code = "value-invalid"      // a header's value has NUL, CR or LF in it
	BodyOnGet       Code = "body-on-get"        // fetch sends no body with GET and HEAD
	NoCORSMethod    Code = "no-cors-method"     // no-cors is for GET, HEAD and POST
	NoCORSStream    Code = "no-cors-stream"     // no-cors sends no stream
	KeepaliveStream Code = "keepalive-stream"   // keepalive sends no stream
	NavigateMode    Code = "navigate-mode"      // fetch does not navigate
	SameOriginMode  Code = "same-origin-mode"   // same-origin refuses other origins
	StreamUnknown   Code = "stream-unsupported" // the engine sends no streams
)

// What is left out of the request in silence.
const (
	HeaderForbidden Code = "header-forbidden" // the header is the browser's own
	HeaderNoCORS    Code = "header-no-cors"   // no-cors sends safelisted headers alone
	BodyDropped     Code = "body-dropped"     // XMLHttpRequest sends no body with GET and HEAD
)

// A Cause is one reason why a browser does what it does.
type Cause struct {
	Code   Code   `json:"code"`
	Header string `json:"header,omitempty"` // the header that it is about, in lower case
	Detail string `json:"detail"`           // a sentence for a person
}

// An Exception is the name of what is thrown, or what a promise is rejected with.
type Exception string

// The exceptions.
const (
	TypeError         Exception = "TypeError"
	SyntaxError       Exception = "SyntaxError"       // a DOMException
	SecurityError     Exception = "SecurityError"     // a DOMException
	NotSupportedError Exception = "NotSupportedError" // a DOMException
)
