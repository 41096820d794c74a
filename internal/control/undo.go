package control

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// LastChange returns the last change to the list that can be undone, and false
// where there is none. An undo is itself a change: undoing it is redoing.
func (s *Service) LastChange(ctx context.Context) (Change, bool, error) {
	c, err := view(ctx, s, func(r Reader) (Change, error) {
		return r.LastChange(DefaultSiteID, SubjectDomain)
	})
	if errors.Is(err, ErrNoRecord) {
		return Change{}, false, nil
	}
	return c, err == nil, err
}

// Undo takes one change back. It is refused ("changed-since") if an entry has
// changed since.
func (s *Service) Undo(ctx context.Context, who Actor, changeID int64) (Change, error) {
	return change(ctx, s, func(w Writer) (Change, error) {
		r, err := undoable(w, changeID)
		if err != nil {
			return Change{}, err
		}
		from, to, err := inverse(w, r)
		if err != nil {
			return Change{}, err
		}
		c, err := s.replace(w, who, AuditRecord{
			Change: Change{Action: actionUndo, Summary: undoSummary(r.Summary)},
		}, from, to)
		if err != nil {
			return Change{}, err
		}
		return c, w.MarkUndone(r.ID, c.ID)
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

// undoable returns a change that nobody has touched since.
func undoable(r Reader, id int64) (AuditRecord, error) {
	a, err := r.Audited(id)
	if err != nil {
		return a, orNotFound(err, fmt.Sprintf("there is no change %d", id))
	}
	switch a.Action {
	case actionAddDomains, actionSetDomain, actionRemoveDomains, actionUndo:
	default:
		return a, refuse(CodeNothingToUndo, "", "only changes to the Trusted Domains list can be undone")
	}
	if a.Undone {
		return a, refuse(CodeAlreadyUndone, "", "that change was undone already; undo the undo to bring it back")
	}
	return a, nil
}

// inverse returns the entries as the change left them, which is how they are, and
// as they are to be.
func inverse(r Reader, a AuditRecord) (from, to []Domain, err error) {
	before, err := decodeEntries(a.Before)
	if err != nil {
		return nil, nil, err
	}
	after, err := decodeEntries(a.After)
	if err != nil {
		return nil, nil, err
	}
	for _, subject := range subjects(before, after) {
		last, err := r.LastTouch(DefaultSiteID, subject)
		if err != nil {
			return nil, nil, err
		}
		if last != a.ID {
			return nil, nil, changedSince(subject.Name)
		}
	}
	return after, withNewVersions(before, after), fitsInverse(r, before, after)
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

// fitsInverse reports whether the list has room for what comes back.
func fitsInverse(r Reader, back, gone []Domain) error {
	return fits(r, len(back)-len(gone))
}
