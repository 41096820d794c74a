package preflight

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// An Engine is the part of a browser that decides on preflights.
type Engine string

// The engines.
const (
	Chromium Engine = "chromium" // Chrome, Edge, Opera, Brave; measured with version 156
	Firefox  Engine = "firefox"  // measured with version 153
	WebKit   Engine = "webkit"   // Safari, and every browser on iOS; by its source, not measured
)

// Engines returns all of them.
func Engines() []Engine { return []Engine{Chromium, Firefox, WebKit} }

// A Quirk is one difference of engines from the standard.
type Quirk struct {
	Code    QuirkCode
	Engines []Engine
	Detail  string // a sentence for a person, after the engine's name
}

// A QuirkCode is the stable name of a quirk.
type QuirkCode string

// The quirks.
const (
	QuirkCombined    QuirkCode = "combined-values"
	QuirkRepeated    QuirkCode = "repeated-names"
	QuirkNoTotal     QuirkCode = "no-total-limit"
	QuirkClientHints QuirkCode = "client-hints"
	QuirkUserAgent   QuirkCode = "user-agent"
	QuirkHighBytes   QuirkCode = "high-bytes"
	QuirkStrictType  QuirkCode = "strict-content-type"
	QuirkRange63     QuirkCode = "range-63-bits"
	QuirkRange64     QuirkCode = "range-64-bits"
	QuirkListener    QuirkCode = "listener-without-body"
	QuirkStreamText  QuirkCode = "stream-as-text"
	QuirkStreamNone  QuirkCode = "stream-unsupported"
	QuirkCharsetIn   QuirkCode = "charset-in-place"
	QuirkCharsetLate QuirkCode = "charset-after-preflight"
	QuirkCharsetForm QuirkCode = "charset-of-forms"
	QuirkOneType     QuirkCode = "one-content-type"
	QuirkBlobType    QuirkCode = "blob-type-invalid"
	QuirkDefaultType QuirkCode = "blob-type-as-it-is"
)

var quirks = []Quirk{
	{QuirkCombined, []Engine{Chromium, WebKit}, "combines the values of a name that fetch is given twice before it judges them"},
	{QuirkRepeated, []Engine{Firefox}, "repeats a name in Access-Control-Request-Headers that fetch is given twice"},
	{QuirkNoTotal, []Engine{Firefox}, "knows no limit for all safelisted values together"},
	{QuirkClientHints, []Engine{Chromium}, "safelists client hints such as DPR and Save-Data, with a value of their kind, and Intervention"},
	{QuirkUserAgent, []Engine{Chromium}, "drops User-Agent in silence"},
	{QuirkHighBytes, []Engine{Firefox}, "takes bytes from 0x80 on in Accept and Content-Type for unsafe"},
	{QuirkStrictType, []Engine{Firefox}, "takes a content type with a comma, or with an empty parameter at the end, for none that a form sends"},
	{QuirkRange63, []Engine{Chromium, WebKit}, "reads the numbers of a range as 63 bits, and takes larger ones for no range"},
	{QuirkRange64, []Engine{Firefox}, "reads the numbers of a range as 64 bits, and takes larger ones for no range"},
	{QuirkListener, []Engine{Chromium}, "disregards upload listeners where there is no body to upload"},
	{QuirkStreamText, []Engine{Firefox}, "sends no streams: it makes the text [object ReadableStream] of one"},
	{QuirkStreamNone, []Engine{WebKit}, "sends no streams: it rejects with NotSupportedError"},
	{QuirkCharsetIn, []Engine{Chromium}, "writes UTF-8 over the charset of XMLHttpRequest's content type and keeps the rest as it is"},
	{QuirkCharsetLate, []Engine{Firefox}, "judges XMLHttpRequest's content type before it sets its charset to UTF-8"},
	{QuirkCharsetForm, []Engine{Chromium, Firefox}, "sets the charset of XMLHttpRequest's content type for URLSearchParams, too"},
	{QuirkOneType, []Engine{Firefox}, "sends one of the content types that fetch is given twice: the first with a body, the last without"},
	{QuirkBlobType, []Engine{Chromium}, "leaves a blob's type out of XMLHttpRequest where it is no MIME type"},
	{QuirkDefaultType, []Engine{Firefox}, "knows no limit for the type of XMLHttpRequest's blobs, and takes a blank before it for a part of it"},
}

// Quirks returns every known difference of today's engines from the standard.
func Quirks() []Quirk { return slices.Clone(quirks) }

// rules are those of the standard, with quirks. The nil rules have none.
type rules struct{ quirks []QuirkCode }

func (u *rules) has(q QuirkCode) bool { return u != nil && slices.Contains(u.quirks, q) }

// rulesOf returns the rules of an engine.
func rulesOf(e Engine) *rules {
	u := &rules{}
	for _, q := range quirks {
		if slices.Contains(q.Engines, e) {
			u.quirks = append(u.quirks, q.Code)
		}
	}
	return u
}

// without are the rules but for one quirk.
func (u *rules) without(q QuirkCode) *rules {
	return &rules{slices.DeleteFunc(slices.Clone(u.quirks), func(has QuirkCode) bool { return has == q })}
}

// takesHint reports whether a header is safelisted beside those of the standard.
func (u *rules) takesHint(name, value string) bool {
	if !u.has(QuirkClientHints) || len(value) > MaxSafelistedValue {
		return false
	}
	lower := lowerASCII(name)
	switch lower {
	case "intervention":
		return true
	case "save-data":
		return strings.EqualFold(value, "on")
	case "ect":
		return slices.Contains([]string{"slow-2g", "2g", "3g", "4g"}, value)
	case "rtt", "width", "viewport-width":
		return value != "" && isDigits(value)
	case "device-memory", "dpr", "downlink":
		whole, part, point := strings.Cut(value, ".")
		return whole != "" && isDigits(whole) && isDigits(part) && (!point || part != "")
	}
	return false
}

func (u *rules) refusesBytes(value string) bool { return u.has(QuirkHighBytes) && !isASCII(value) }

// refusesType reports whether a content type whose essence is right is refused
// nonetheless.
func (u *rules) refusesType(value string) bool {
	if u.has(QuirkDefaultType) && strings.HasPrefix(value, " ") {
		return true
	}
	if !u.has(QuirkStrictType) {
		return false
	}
	parameters := strings.Split(value, ";")[1:]
	n := len(parameters)
	return strings.Contains(value, ",") || n > 1 && strings.Trim(parameters[n-1], httpWhitespace) == ""
}

// refusesRange reports whether the numbers of a simple range are too large.
func (u *rules) refusesRange(value string) bool {
	first, last, _ := strings.Cut(strings.TrimPrefix(value, "bytes="), "-")
	for _, number := range []string{first, last} {
		n, err := strconv.ParseUint(cmp.Or(number, "0"), 10, 64)
		switch {
		case u.has(QuirkRange64) && err != nil:
			return true
		case u.has(QuirkRange63) && (err != nil || n >= 1<<63-1):
			return true
		}
	}
	return false
}
