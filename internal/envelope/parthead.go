package envelope

import "bytes"

// A part is what the fields before a part's value say.
type part struct {
	name        []byte // in the buffer of the source
	named       bool   // has a Content-Disposition
	filed       bool   // has a file name
	typed       bool   // has a Content-Type
	contentType string
}

// readHead reads the lines of a part's head, each of which has its CRLF before it (RFC
// 7578, section 4.2).
func readHead(head []byte) (part, error) {
	var p part
	for line := range bytes.SplitSeq(bytes.TrimPrefix(head, []byte(crlf)), []byte(crlf)) {
		if err := p.readLine(line); err != nil {
			return part{}, err
		}
	}
	return p, nil
}

func (p *part) readLine(line []byte) (err error) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.Trim(value, " \t")
	switch {
	case isFold(name, "content-disposition") && !p.named:
		return p.readDisposition(value)
	case isFold(name, "content-type") && p.named && !p.typed:
		p.typed = true
		p.contentType, err = readContentType(value, "The Content-Type of the part $body")
		return err
	}
	return faultPartHead()
}

// readDisposition reads form-data; name="…", and maybe ; filename="…". What some
// readers take for an escape, and others for itself, is refused.
func (p *part) readDisposition(value []byte) error {
	rest, r := match(value, `form-data ; name="`, true)
	if r != yes || bytes.ContainsFunc(value, isUnclear) {
		return faultDisposition()
	}
	name, rest, closed := bytes.Cut(rest, []byte(`"`))
	if len(rest) > 0 {
		p.filed = true
		rest, r = match(rest, ` ; filename="`, true)
		_, after, found := bytes.Cut(rest, []byte(`"`))
		closed = closed && r == yes && found && len(after) == 0
	}
	if !closed {
		return faultDisposition()
	}
	p.name, p.named = name, true
	return nil
}

func isUnclear(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' }
