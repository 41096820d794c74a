package control

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// Limits of the Trusted Domains list.
const (
	MaxEntries   = 10_000    // entries added or removed at once
	MaxText      = 2 << 20   // bytes of text that entries are read from
	MaxListSize  = 1_000_000 // entries of a site
	MaxLabel     = 200       // bytes of a label
	MaxReason    = 500       // bytes of a reason
	maxTextParts = MaxEntries
)

// AddDomains asks for entries to be added, all or none.
type AddDomains struct {
	Text    []string // each one entry or a pasted list: lines, commas, spaces
	Label   string
	Expires time.Time               // zero: never
	Details map[string]EntryDetails // by entry as typed: instead of Label and Expires
	Confirm []trust.Confirmation    // what the person has confirmed
	Reason  string                  // required with ConfirmPublicSuffix; goes into the audit log
}

// PreviewDomains says what AddDomains would do, and changes nothing.
func (s *Service) PreviewDomains(ctx context.Context, in AddDomains) ([]Line, error) {
	entries, err := s.validAdd(in)
	if err != nil {
		return nil, err
	}
	j, err := view(ctx, s, func(r Reader) (judgement, error) { return s.judged(r, in, entries) })
	return j.lines, err
}

// AddDomains adds all entries or none. Where any is refused or unconfirmed the
// error is an *Error with all Lines. Where all are trusted already, nothing is
// recorded and the Change is zero.
func (s *Service) AddDomains(ctx context.Context, who Actor, in AddDomains) ([]Line, Change, error) {
	entries, err := s.validAdd(in)
	if err != nil {
		return nil, Change{}, err
	}
	// What cannot be read here is read below, or is an error there.
	before, _ := view(ctx, s, func(r Reader) (judgement, error) { return s.judged(r, in, entries) })
	var c Change
	lines, err := change(ctx, s, func(w Writer) ([]Line, error) {
		lines, err := s.stillJudged(w, before, in, entries)
		if err == nil {
			err = refusedLines(lines)
		}
		if err == nil {
			c, err = s.addLines(w, who, in, lines)
		}
		return lines, err
	})
	return lines, c, err
}

// A judgement is what becomes of entries, and by which state of the list.
type judgement struct {
	set   *trust.Set
	lines []Line
}

// stillJudged returns what was judged before the list was locked, where it is still
// the same list: looking for look-alikes takes long in a long one, and nobody else
// can write meanwhile.
func (s *Service) stillJudged(w Writer, before judgement, in AddDomains, entries []string) ([]Line, error) {
	set, err := s.list(w)
	if err != nil || set == before.set {
		return before.lines, err
	}
	j, err := s.judged(w, in, entries)
	return j.lines, err
}

// validAdd checks what does not depend on the list, and splits the text.
func (s *Service) validAdd(in AddDomains) ([]string, error) {
	size := 0
	for _, t := range in.Text {
		size += len(t)
	}
	if size > MaxText || len(in.Text) > maxTextParts {
		return nil, tooManyEntries()
	}
	entries := splitEntries(in.Text)
	switch {
	case len(entries) == 0:
		return nil, refuse(string(trust.DomainEmpty), "domains", "type a domain, for example app.example.com")
	case len(entries) > MaxEntries:
		return nil, tooManyEntries()
	}
	return entries, cmp.Or(
		validText("label", in.Label, MaxLabel),
		validText("reason", in.Reason, MaxReason),
		s.validExpiry(in.Expires),
		s.validDetails(in),
	)
}

func tooManyEntries() *Error {
	return refuse(CodeTooMany, "domains", fmt.Sprintf("at most %d entries can be added at once; add them in parts", MaxEntries))
}

// judged says what becomes of the entries, given the list as it is.
func (s *Service) judged(r Reader, in AddDomains, entries []string) (judgement, error) {
	set, err := s.list(r)
	if err != nil {
		return judgement{}, err
	}
	j := judge{set: set, now: s.now(), given: in.Confirm, reason: strings.TrimSpace(in.Reason)}
	return judgement{set, j.lines(entries)}, nil
}

// refusedLines is the error of lines of which any is refused, or nil.
func refusedLines(lines []Line) error {
	var bad []Line
	for _, l := range lines {
		if l.Status == RefusedLine {
			bad = append(bad, l)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	e := &Error{Code: CodeRefused, Field: "domains", Lines: lines}
	if !slices.ContainsFunc(bad, func(l Line) bool { return l.Code != CodeNeedsConfirmation }) {
		e.Code = CodeNeedsConfirmation
	}
	e.Message = fmt.Sprintf("%d of %d entries cannot be saved as they are, so none was saved", len(bad), len(lines))
	if len(lines) == 1 {
		e.Code, e.Message = bad[0].Code, bad[0].Message
	}
	return e
}

// addLines saves the lines that are new.
func (s *Service) addLines(w Writer, who Actor, in AddDomains, lines []Line) (Change, error) {
	added := s.newEntries(who, in, lines)
	if len(added) == 0 {
		return Change{}, nil
	}
	if err := s.fits(w, len(added)); err != nil {
		return Change{}, err
	}
	return s.replace(w, who, AuditRecord{
		Change: Change{Action: actionAddDomains, Summary: "added " + named(added)},
		Reason: strings.TrimSpace(in.Reason),
	}, nil, added)
}

func (s *Service) newEntries(who Actor, in AddDomains, lines []Line) []Domain {
	var list []Domain
	for _, l := range lines {
		if l.Status != Added {
			continue
		}
		own := in.detailsOf(l.Entry)
		list = append(list, Domain{
			Typed: l.Entry, Domain: l.Domain, Label: own.Label, Enabled: !own.Off,
			ExpiresAt: kept(own.Expires), CreatedAt: s.now(), CreatedBy: who.Name, Version: 1,
		})
	}
	return list
}

// fits reports whether the list has room for more entries.
func (s *Service) fits(r Reader, more int) error {
	if more <= 0 {
		return nil
	}
	size, err := s.domainsInAll(r)
	if err != nil {
		return err
	}
	if size+more > MaxListSize {
		return refuse(CodeTooMany, "domains", fmt.Sprintf("the list is full: it holds at most %d entries; remove some first", MaxListSize))
	}
	return nil
}
