package control

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/crossgate/crossgate/trust"
)

// LastChange returns the last change to the list that can be undone, and false
// where there is none. An undo is itself a change: undoing it is redoing.
func (s *Service) LastChange(ctx context.Context) (Change, bool, error) {
	c, err := view(ctx, s, func(r Reader) (Change, error) {
		return r.LastChange(s.site.ID, SubjectDomain)
	})
	if errors.Is(err, ErrNoRecord) {
		return Change{}, false, nil
	}
	return c, err == nil, err
}

// Undo takes one change back. It is refused ("changed-since") unless every entry
// that it touched is as it left it.
func (s *Service) Undo(ctx context.Context, who Actor, changeID int64) (Change, error) {
	return change(ctx, s, func(w Writer) (Change, error) {
		a, err := s.undoable(w, changeID)
		if err != nil {
			return Change{}, err
		}
		from, to, err := s.inverse(w, a)
		if err != nil {
			return Change{}, err
		}
		c, err := s.replace(w, who, AuditRecord{
			Change: Change{Action: actionUndo, Summary: undoSummary(a.Summary)},
		}, from, to)
		if err != nil {
			return Change{}, err
		}
		return c, w.MarkUndone(a.ID, c.ID)
	})
}

// undoSummary says what an undo does; that of an undo is a redo.
func undoSummary(of string) string {
	const undid, redid = "undid: ", "redid: "
	if what, ok := strings.CutPrefix(of, undid); ok {
		return redid + what
	}
	return undid + strings.TrimPrefix(of, redid)
}

// undoable returns a change to the list.
func (s *Service) undoable(r Reader, id int64) (AuditRecord, error) {
	a, err := r.Audited(id)
	if err == nil && a.Site != 0 && a.Site != s.site.ID {
		err = ErrNoRecord
	}
	if err != nil {
		return a, orNotFound(err, fmt.Sprintf("there is no change %d", id))
	}
	switch a.Action {
	case actionAddDomains, actionSetDomain, actionRemoveDomains, actionApplyDomains, actionUndo:
		return a, nil
	}
	return a, refuse(CodeNothingToUndo, "", "only changes to the Trusted Domains list can be undone")
}

// inverse returns the entries that a change touched, as they are and as they are to be.
func (s *Service) inverse(r Reader, a AuditRecord) (from, to []Domain, err error) {
	before, err := decodeEntries(a.Before)
	if err != nil {
		return nil, nil, err
	}
	after, err := decodeEntries(a.After)
	if err != nil {
		return nil, nil, err
	}
	from, err = s.asLeft(r, before, after)
	if err != nil {
		if a.Undone {
			err = &Error{Code: CodeAlreadyUndone, Message: "that change was undone already; undo the undo to bring it back", Cause: err}
		}
		return nil, nil, err
	}
	return from, withNewVersions(before, from), s.fits(r, len(before)-len(from))
}

// asLeft returns the entries as a change left them, where they still are so.
func (s *Service) asLeft(r Reader, before, after []Domain) ([]Domain, error) {
	left := make(map[trust.Domain]Domain, len(after))
	for _, d := range after {
		left[d.Domain] = d
	}
	var now []Domain
	for _, subject := range touched(before, after) {
		is, err := r.DomainOf(s.site.ID, subject)
		gone := errors.Is(err, ErrNoRecord)
		if err != nil && !gone {
			return nil, err
		}
		want, kept := left[subject]
		if kept == gone || (kept && !is.saysTheSame(want)) {
			return nil, changedSince(subject.String())
		}
		if kept {
			now = append(now, is)
		}
	}
	return now, nil
}

// saysTheSame reports whether two records are of one entry, and the same but for
// version and usage.
func (d Domain) saysTheSame(other Domain) bool {
	return d.ID == other.ID && d.Domain == other.Domain && d.Label == other.Label &&
		d.Enabled == other.Enabled && d.ExpiresAt.Equal(other.ExpiresAt)
}

// withNewVersions gives every entry a version that it never had before.
func withNewVersions(to, from []Domain) []Domain {
	versions := make(map[int64]int64, len(from))
	for _, d := range from {
		versions[d.ID] = d.Version
	}
	list := make([]Domain, len(to))
	for i, d := range to {
		d.Version = max(d.Version, versions[d.ID]) + 1
		list[i] = d
	}
	return list
}
