package envelope

import "fmt"

// The mistakes. None repeats a name or a value: what is in the wrong place may be a token.

func malformed(format string, args ...any) error {
	return &Fault{Detail: fmt.Sprintf(format, args...)}
}

func faultControls() error {
	return malformed("The control fields take more than %d KiB together: send fewer or shorter headers.", MaxControlBytes>>10)
}

func faultEmptyName() error {
	return malformed("There is a field without a name: leave out the superfluous & or part.")
}

func faultUnknown(k Kind) error {
	return malformed("There is a field that no envelope has: it may have %s, and in this order.", controlNames(k))
}

func faultTwice(c control) error {
	return &Fault{TokenTwice: c == tokenControl, Detail: fmt.Sprintf("The field %s is there more than once: send it once.", c)}
}

func faultOrder(c control, k Kind) error {
	return malformed("The field %s comes too late: the order is %s.", c, controlNames(k))
}

func controlNames(k Kind) string {
	if k == Multipart {
		return "$httpMethod, access_token, $httpHeaders, $body"
	}
	return "$httpMethod, access_token, $httpHeaders, $ct, $body"
}

func faultTypeInParts() error {
	return malformed("A multipart envelope has no $ct: give the part $body a Content-Type instead.")
}

func faultUTF8(c control) error {
	return malformed("The field %s is not valid UTF-8.", c)
}

func faultNUL(c control) error {
	return malformed("The field %s has a NUL in it: take it out.", c)
}

func faultLines(c control) error {
	return malformed("The field %s must be one line, without CR or LF.", c)
}

func faultPercent() error {
	return malformed("There is a broken percent code: send a %% as %%25.")
}

func faultAfterBody() error {
	return malformed("$body must be the last field: put the others before it, and in a form send an & of its value as %%26.")
}

func faultFieldBytes() error {
	return malformed("$httpHeaders is longer than %d KiB: send fewer or shorter headers.", MaxFieldBytes>>10)
}

func faultFieldCount() error {
	return malformed("$httpHeaders has more than %d lines: send fewer headers.", MaxFields)
}

func faultCodePoints() error {
	return malformed("$httpHeaders has a character above U+00FF, which no header can carry: encode it.")
}

func faultFieldTwice(number, first int) error {
	return malformed("Line %d of $httpHeaders has the name of line %d: send one line, with the values after each other.", number, first)
}

func faultEmptyLine(number int) error {
	return malformed("Line %d of $httpHeaders is empty: put one CRLF between the lines.", number)
}

func faultBareLine(number int) error {
	return malformed("Line %d of $httpHeaders has a CR or LF alone in it: put CRLF between the lines and nowhere else.", number)
}

func faultFolded(number int) error {
	return malformed("Line %d of $httpHeaders begins with a blank: write each header on one line.", number)
}

func faultNoColon(number int) error {
	return malformed("Line %d of $httpHeaders has no colon: write it as Name: value.", number)
}

func faultFieldName(number int) error {
	return malformed("Line %d of $httpHeaders has no good name before its colon: write it as Name: value, without a blank before the colon.", number)
}

func faultFieldValue(number int) error {
	return malformed("Line %d of $httpHeaders has a control character in its value: take it out.", number)
}

func faultNoType(where string) error {
	return malformed("%s is empty: leave it out.", where)
}

func faultType(where string) error {
	return malformed("%s must be visible ASCII characters, and blanks only between them, as in application/json.", where)
}

func faultPartHead() error {
	return malformed("A part of an envelope has a Content-Disposition first; after it $body alone may have a Content-Type. Take other fields out, and end lines with CRLF.")
}

func faultControlHead(c control) error {
	return malformed("The part %s has a Content-Disposition with its name and nothing else: take its file name and Content-Type out.", c)
}

func faultDisposition() error {
	return malformed(`A part's Content-Disposition must be form-data; name="…", and of $body it may go on with ; filename="…", without escapes.`)
}

func faultBoundaryFirst() error {
	return malformed("A part begins with the boundary: choose one that is not in the parts, and put an empty line before it.")
}

func faultDelimiter() error {
	return malformed("A line begins with the boundary and goes on: choose one that is not in the parts.")
}

func faultEpilogue() error {
	return malformed("There is something after the end of the multipart body: let it end with the boundary, two hyphens and CRLF.")
}

func faultLastLine() error {
	return malformed("The multipart body ends without its last CRLF: let it end with the boundary, two hyphens and CRLF.")
}

func faultEndsEarly() error {
	return malformed("The multipart body ends before its last boundary: let it end with CRLF, the boundary after two hyphens, two hyphens and CRLF.")
}

func faultLonger() error {
	return malformed("The body is longer than its declared length.")
}

func faultShorter() error {
	return malformed("The body is shorter than its declared length.")
}
