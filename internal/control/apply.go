package control

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Apply makes sites be as they are declared, all of it or nothing; no server acts on a
// part of it. Where seen is the fingerprint of the plan that somebody has looked at, it is
// refused ("changed-since") if the plan is another one by now. All that is wrong is told at
// once, in a [*FlawedError].
func (s *Service) Apply(ctx context.Context, who Actor, d Declaration, seen string) (Plan, error) {
	return change(ctx, s, func(w Writer) (Plan, error) {
		plan, err := s.planned(w, d)
		if err != nil {
			return Plan{}, err
		}
		is, err := plan.Fingerprint()
		if err != nil {
			return Plan{}, err
		}
		if seen != "" && seen != is {
			return plan, refuse(CodeChangedSince, "", "the database was changed since you looked at the plan, so nothing was applied; look at the new one")
		}
		return plan, s.carryOut(w, who, &plan)
	})
}

// carryOut does what is planned: sites that go give their addresses up first, then those
// that move, so that sites can exchange theirs.
func (s *Service) carryOut(w Writer, who Actor, plan *Plan) error {
	for i := range plan.Sites {
		if err := s.makeWay(w, who, plan.Sites[i].work); err != nil {
			return fmt.Errorf("site %s: %w", plan.Sites[i].Site, err)
		}
	}
	for i := range plan.Sites {
		work := plan.Sites[i].work
		if work.after == nil {
			continue
		}
		if err := s.carryOutSite(w, who, work); err != nil {
			return fmt.Errorf("site %s: %w", plan.Sites[i].Site, err)
		}
	}
	return nil
}

// makeWay removes a site that goes, and takes the addresses of one whose description changes.
func (s *Service) makeWay(w Writer, who Actor, work *siteWork) error {
	if work.before == nil || work.after != nil && len(work.did) == 0 {
		return nil
	}
	if work.after != nil {
		without := *work.before
		without.Addresses = nil
		return w.UpdateSite(without)
	}
	if err := w.RemoveSite(work.before.ID, s.now()); err != nil {
		return err
	}
	_, err := s.recordSite(w, who, actionRemoveSite, "removed the site "+work.before.Name, work.before, nil)
	return err
}

func (s *Service) carryOutSite(w Writer, who Actor, work *siteWork) error {
	if err := s.carryOutDescribed(w, who, work); err != nil {
		return err
	}
	here := s.In(Place{work.after.ID, work.after.Name})
	if len(work.policyDid) > 0 {
		if _, err := here.putPolicy(w, who, work.policyBefore, work.policyAfter, nil, strings.Join(work.policyDid, ", ")); err != nil {
			return err
		}
	}
	if err := here.carryOutDomains(w, who, work); err != nil {
		return err
	}
	for _, m := range work.members {
		if err := here.carryOutMember(w, who, m); err != nil {
			return err
		}
	}
	return nil
}

// carryOutDescribed writes a new site, or what is said of one otherwise than before.
func (s *Service) carryOutDescribed(w Writer, who Actor, work *siteWork) (err error) {
	switch {
	case work.before == nil:
		work.after.CreatedAt, work.after.CreatedBy = s.now(), who.Name
		if work.after.ID, err = w.InsertSite(*work.after); err != nil {
			return fmt.Errorf("writing a site: %w", err)
		}
		_, err = s.recordSite(w, who, actionAddSite, "added the site "+work.after.Name, nil, work.after)
	case len(work.did) > 0:
		if err = w.UpdateSite(*work.after); err != nil {
			return fmt.Errorf("writing a site: %w", err)
		}
		_, err = s.recordSite(w, who, actionSetSite, "site "+work.after.Name+": "+strings.Join(work.did, ", "), work.before, work.after)
	}
	return err
}

// carryOutDomains changes the list, with an audit row for each MaxEntries of it, so that
// none is too long to be undone.
func (s *Service) carryOutDomains(w Writer, who Actor, work *siteWork) error {
	for i := range work.added {
		work.added[i].CreatedBy = who.Name
	}
	for _, part := range work.replacements() {
		r := AuditRecord{Change: Change{Action: actionApplyDomains, Summary: part.summary()}, Reason: reasonOf(work.reasons)}
		if _, err := s.replace(w, who, r, slices.Concat(part.removed, part.from), slices.Concat(part.to, part.added)); err != nil {
			return err
		}
	}
	return nil
}

// A replacement is what becomes of entries: from and to are the same ones before and after.
type replacement struct{ removed, from, to, added []Domain }

// replacements are the changes of the list in parts of at most MaxEntries.
func (work *siteWork) replacements() []replacement {
	whole := work.replacement
	switch n := len(whole.removed) + len(whole.to) + len(whole.added); {
	case n == 0:
		return nil
	case n <= MaxEntries:
		return []replacement{whole}
	}
	var parts []replacement
	for some := range slices.Chunk(whole.removed, MaxEntries) {
		parts = append(parts, replacement{removed: some})
	}
	for i := 0; i < len(whole.to); i += MaxEntries {
		end := min(i+MaxEntries, len(whole.to))
		parts = append(parts, replacement{from: whole.from[i:end], to: whole.to[i:end]})
	}
	for some := range slices.Chunk(whole.added, MaxEntries) {
		parts = append(parts, replacement{added: some})
	}
	return parts
}

func (r *replacement) summary() string {
	return fmt.Sprintf("applied: %d added, %d changed, %d removed", len(r.added), len(r.to), len(r.removed))
}

// reasonOf is why entries were confirmed, in one text.
func reasonOf(reasons []string) string {
	text := strings.Join(reasons, "; ")
	if len(text) > MaxReason {
		text = strings.ToValidUTF8(text[:MaxReason-len("…")], "") + "…"
	}
	return text
}

func (s *Service) carryOutMember(w Writer, who Actor, m memberWork) error {
	if m.after == "" {
		if err := w.DeleteMember(s.site.ID, m.account.ID); err != nil {
			return err
		}
		if err := s.endOwnInvitations(w, who, m.account, ""); err != nil {
			return err
		}
		return s.recordMember(w, who, actionRemoveMember, fmt.Sprintf("took %s away from the site %s", m.account.Name, s.site.Name), m.account.Name, m.before, "")
	}
	if err := w.PutMember(s.site.ID, m.account.ID, m.after); err != nil {
		return err
	}
	if err := s.endOwnInvitations(w, who, m.account, m.after); err != nil {
		return err
	}
	summary := fmt.Sprintf("made %s %s of the site %s", m.account.Name, withArticle(m.after), s.site.Name)
	return s.recordMember(w, who, actionSetMember, summary, m.account.Name, m.before, m.after)
}
