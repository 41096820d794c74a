package portable

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/crossgate/crossgate/internal/control"
)

// Parse reads a list. The notes belong to the entries, in the order of their lines.
// The error is [Mistakes]: all of them, and then there are no entries.
func Parse(kind Kind, text []byte) ([]Entry, []Note, error) {
	read, ok := readers[kind]
	if !ok {
		return nil, nil, Mistakes{{Text: fmt.Sprintf("%q is no format of a list", kind)}}
	}
	text = bytes.TrimPrefix(text, byteOrderMark)
	switch {
	case len(text) > MaxBytes:
		return nil, nil, Mistakes{{Text: fmt.Sprintf("the list is longer than %d MiB; import it in parts", MaxBytes>>20)}}
	case !utf8.Valid(text):
		return nil, nil, Mistakes{{Text: "the list is not UTF-8 text; save it as UTF-8"}}
	}
	var l list
	read(&l, text)
	if len(l.mistakes) == 0 && len(l.entries) == 0 {
		l.refuse(0, "there is no domain in this list%s", l.whyEmpty())
	}
	if len(l.mistakes) > 0 {
		return nil, nil, l.mistakes
	}
	return l.entries, l.notes, nil
}

var byteOrderMark = []byte("\ufeff")

var readers = map[Kind]func(*list, []byte){
	Plain:    readPlain,
	CSV:      readCSV,
	JSON:     readJSON,
	Vanilla:  readVanilla,
	NginxMap: readNginxMap,
	Okta:     readOkta,
	Auth0:    readAuth0,
}

// A list is what has been read so far.
type list struct {
	entries  []Entry
	notes    []Note
	mistakes Mistakes
	full     bool // nothing more is read
}

// addCommented adds an entry whose label is a comment. One that cannot be kept is left
// out: it was not written to be a label.
func (l *list) addCommented(e Entry) {
	if len(e.Label) > control.MaxLabel {
		l.note(e.Line, "the comment on %s is longer than the %d bytes of a label and left out", shown(e.Typed), control.MaxLabel)
		e.Label = ""
	}
	l.add(e)
}

// add adds an entry, which must be one alone. One too many is a mistake, told once.
func (l *list) add(e Entry) {
	switch {
	case l.full:
	case strings.ContainsFunc(e.Domain, isBetween):
		l.refuse(e.Line, "%s is not one domain; give each an entry of its own", shown(e.Domain))
	case len(l.entries) == MaxEntries:
		l.fill(e.Line)
	default:
		l.entries = append(l.entries, e)
	}
}

// fill ends the reading at a line: what comes is more than can be imported.
func (l *list) fill(line int) {
	l.refuse(line, "at most %d entries can be imported at once; import the rest from here by itself", MaxEntries)
	l.full = true
}

func (l *list) note(line int, format string, args ...any) {
	switch {
	case l.full:
		return
	case len(l.notes) == maxNotes:
		l.fill(line)
		return
	}
	l.notes = append(l.notes, Note{line, fmt.Sprintf(format, args...)})
}

func (l *list) refuse(line int, format string, args ...any) {
	switch {
	case l.full:
		return
	case len(l.mistakes) == maxWrong:
		l.full = true
		format, args = "there are more mistakes from here on; correct those above first", nil
	}
	l.mistakes = append(l.mistakes, Mistake{line, fmt.Sprintf(format, args...)})
}

// whyEmpty says what was left out of a list from which nothing is left.
func (l *list) whyEmpty() string {
	if len(l.notes) == 0 {
		return ""
	}
	return " that could be imported; " + l.notes[0].String()
}
