package control

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/crossgate/crossgate/trust"
)

// A Line is what became, or would become, of one entry that was typed.
type Line struct {
	Entry   string       // as typed
	Domain  trust.Domain // normalised; zero where refused
	Status  LineStatus
	Code    string               // where refused: a trust.DomainReason or "needs-confirmation"
	Message string               // where refused, or already trusted: a sentence that says what to do
	Suggest string               // where refused: an entry that would do, or ""
	Confirm []trust.Confirmation // what still needs confirming
	Like    string               // where Confirm has look-alike: the entry that it resembles
}

// A LineStatus says what became of a line.
type LineStatus string

// The statuses of a line.
const (
	Added          LineStatus = "added"
	AlreadyTrusted LineStatus = "already-trusted"
	RefusedLine    LineStatus = "refused"
)

// maxShownEntry is how much of an entry that cannot be one is repeated, in bytes.
const maxShownEntry = 300

// splitEntries splits what was typed or pasted at lines, commas and spaces.
func splitEntries(text []string) []string {
	var list []string
	for _, t := range text {
		list = append(list, strings.FieldsFunc(t, func(r rune) bool {
			return r == ',' || unicode.IsSpace(r)
		})...)
	}
	return list
}

// A judge says what becomes of entries, against one state of the list.
type judge struct {
	set    *trust.Set
	now    time.Time
	given  []trust.Confirmation
	reason string
}

// lines judges all entries, each for itself and against those before it.
func (j judge) lines(entries []string) []Line {
	lines := make([]Line, len(entries))
	seen := make(map[trust.Domain]string, len(entries))
	for i, entry := range entries {
		line := j.parsed(entry)
		if first, twice := seen[line.Domain]; twice && line.Status == Added {
			line.Status, line.Message = AlreadyTrusted, "named twice here: the same as "+first
		}
		seen[line.Domain] = entry
		lines[i] = line
	}
	j.confirm(lines)
	return lines
}

// parsed judges one entry by itself and against the list.
func (j judge) parsed(entry string) Line {
	d, err := parseEntry(entry)
	if err != nil {
		return refusedLine(entry, err)
	}
	line := Line{Entry: entry, Domain: d, Status: Added}
	if have := j.set.Get(d); have != nil {
		return j.onList(line, have)
	}
	line.Message = j.covered(d)
	return line
}

// onList is the line of an entry that the list has already. One that trusts
// nothing at present is not passed off as trusted.
func (j judge) onList(line Line, have *trust.Entry) Line {
	name := have.Domain.String()
	switch {
	case have.Disabled:
		line.Status, line.Code = RefusedLine, CodeSwitchedOff
		line.Message = name + " is on the list already, but switched off; switch it on there"
	case !have.Active(j.now):
		line.Status, line.Code = RefusedLine, CodeExpired
		line.Message = name + " is on the list already, but expired; give it another expiry there"
	default:
		line.Status = AlreadyTrusted
		line.Message = "already trusted by " + name
	}
	return line
}

// covered mentions the wildcard that trusts already what an entry would trust.
func (j judge) covered(d trust.Domain) string {
	text := d.String()
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	o, err := trust.ParseOrigin(text)
	if err != nil || !d.Trusts(o) {
		return ""
	}
	if by := j.set.Match(o, j.now); by != nil {
		return "already trusted by " + by.Domain.String() + ", too"
	}
	return ""
}

// confirm refuses the lines that need a confirmation that was not given.
func (j judge) confirm(lines []Line) {
	var adding []*Line
	var domains []trust.Domain
	for i := range lines {
		if lines[i].Status == Added {
			adding = append(adding, &lines[i])
			domains = append(domains, lines[i].Domain)
		}
	}
	for i, like := range j.set.LookAlikes(domains) {
		j.confirmLine(adding[i], like)
	}
}

func (j judge) confirmLine(line *Line, like *trust.Entry) {
	needs := slices.Clone(line.Domain.Confirmations())
	if like != nil {
		line.Like = like.Domain.String()
		if !slices.Contains(needs, trust.ConfirmLookAlike) {
			needs = append(needs, trust.ConfirmLookAlike)
		}
	}
	needs = slices.DeleteFunc(needs, j.has)
	if len(needs) == 0 {
		line.Like = ""
		return
	}
	line.Status, line.Code, line.Confirm = RefusedLine, CodeNeedsConfirmation, needs
	line.Message = confirmationText(line, needs[0], slices.Contains(j.given, needs[0]))
}

// has reports whether a confirmation was given; a public suffix needs a reason
// with it, for the audit log.
func (j judge) has(c trust.Confirmation) bool {
	return slices.Contains(j.given, c) && (c != trust.ConfirmPublicSuffix || j.reason != "")
}

func confirmationText(line *Line, c trust.Confirmation, ticked bool) string {
	name := line.Domain.String()
	switch {
	case c == trust.ConfirmInsecure && line.Domain.IsApp():
		return name + " is an app's or an extension's scheme, which other programs can use as well; confirm that it is to be trusted"
	case c == trust.ConfirmInsecure:
		return name + " is not encrypted: anybody on the way can serve pages as it; use https, or confirm that it is to be trusted"
	case c == trust.ConfirmPublicSuffix && ticked:
		return "give a reason for trusting " + name + "; it goes into the audit log"
	case c == trust.ConfirmPublicSuffix:
		return name + " trusts names that anybody can register; name the domain that you mean, or confirm it with a reason"
	case line.Like == "" || line.Like == name:
		return name + " mixes writing systems, as imitations do; check it letter by letter, then confirm it"
	}
	return name + " is easily taken for " + line.Like + "; check it letter by letter, then confirm it"
}

func refusedLine(entry string, err error) Line {
	line := Line{Entry: entry, Status: RefusedLine, Code: CodeInvalid, Message: err.Error()}
	if len(entry) > maxShownEntry {
		line.Entry = strings.ToValidUTF8(entry[:maxShownEntry], "") + "…"
	}
	if bad, ok := errors.AsType[*trust.DomainError](err); ok {
		line.Code, line.Suggest = string(bad.Reason), bad.Suggest
	}
	return line
}
