package control

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"
)

// An Actor is who asks, for the audit log.
type Actor struct {
	Kind    string // "user", "key", "command-line", "system"
	Name    string // account name, management key's id, or the operating system's user
	Address string // remote address, "" on the command line
	Session string // id of the session that asks, or ""; it is not recorded
}

// A Change is one audited change: what undo takes back.
type Change struct {
	ID      int64
	At      time.Time
	Actor   Actor
	Action  string // "domain.add", "domain.set", "domain.remove", "domain.undo", "token.create", …
	Summary string // "added app.example.com and 2 more"
	Undone  bool
}

// The actions of the audit log.
const (
	actionAddDomains    = "domain.add"
	actionSetDomain     = "domain.set"
	actionRemoveDomains = "domain.remove"
	actionUndo          = "domain.undo"
	actionApplyDomains  = "domain.apply"
	actionCreateToken   = "token.create"
	actionRevokeToken   = "token.revoke"
	actionAddAccount    = "account.add"
	actionSetPassword   = "account.password"
	actionRemoveAccount = "account.remove"
	actionSetup         = "account.setup"
	actionSetRole       = "account.role"
	actionEndSessions   = "account.sessions"

	actionInvite           = "invitation.create"
	actionAcceptInvitation = "invitation.accept"
	actionRevokeInvitation = "invitation.revoke"

	actionSetPolicy     = "policy.set"
	actionRotateTickets = "ticket.rotate"

	actionIgnoreOrigin = "origin.ignore"
	actionHeedOrigin   = "origin.heed"

	actionAddSite      = "site.add"
	actionSetSite      = "site.set"
	actionRemoveSite   = "site.remove"
	actionSetMember    = "site.member"
	actionRemoveMember = "site.member-remove"

	actionCreateKey = "key.create"
	actionRevokeKey = "key.revoke"
)

// changeIDBytes is the length of a change id, in random bytes.
const changeIDBytes = 16

// record writes the audit row of a change, and of what it changed.
func (s *Service) record(w Writer, r AuditRecord, subjects []Subject) (Change, error) {
	r.At, r.Node = s.now(), s.node
	id, err := w.Record(r, subjects, hex.EncodeToString(s.random(changeIDBytes)))
	r.Change.ID = id
	return r.Change, err
}

// AuditQuery narrows and pages the audit log.
type AuditQuery struct {
	ListQuery           // Search looks at summary, reason, actor and address; Offset is not looked at
	Action    string    // "domain.add", or "domain" for whatever was done to domains; "": everything
	Actor     string    // by name, case ignored; "": anybody
	From      time.Time // not before; zero: from the beginning
	To        time.Time // before then; zero: to the end
	Node      string    // that made the change, by name; "": any
	Own       bool      // what was done to the site alone, and nothing of people, keys and other sites
	Before    int64     // rows with a lower id: the last one of the page before; 0: from the newest
	// Within looks through so many rows below Before alone, which then is given; 0: all of them.
	Within int64
	// Everywhere finds what was done to other sites, too. Own wins over it.
	Everywhere bool
}

// IsPlain reports whether the query finds all that was done to the site.
func (q AuditQuery) IsPlain() bool {
	return !q.Everywhere && q.Search == "" && q.Action == "" && q.Actor == "" && q.Node == "" && q.From.IsZero() && q.To.IsZero()
}

// tells reports whether a query may tell of a row, as far as its site goes.
func (q AuditQuery) tells(site Place, r AuditRecord) bool {
	switch {
	case r.Site == site.ID:
		return true
	case q.Own:
		return false
	}
	return r.Site == 0 || q.Everywhere
}

// MaxAuditShown is how long a record before or after a change may be to stand in a
// list of the log, in bytes.
const MaxAuditShown = 64 << 10

// Audit lists the audit log, newest first. Records that are longer than
// MaxAuditShown are left out: see Audited.
func (s *Service) Audit(ctx context.Context, q AuditQuery) ([]AuditRecord, error) {
	q.ListQuery = q.bounded()
	q.Actor = bounded(q.Actor)
	q.Action = bounded(q.Action)
	q.Node = bounded(q.Node)
	return view(ctx, s, func(r Reader) ([]AuditRecord, error) { return r.AuditLog(s.site.ID, q) })
}

// Audited returns one row of the audit log, with all that it holds.
func (s *Service) Audited(ctx context.Context, id int64) (AuditRecord, error) {
	return s.AuditedFor(ctx, AuditQuery{}, id)
}

// AuditedFor is Audited, of a row that a query's Own and Everywhere let it find.
func (s *Service) AuditedFor(ctx context.Context, q AuditQuery, id int64) (AuditRecord, error) {
	return view(ctx, s, func(r Reader) (AuditRecord, error) {
		a, err := r.Audited(id)
		if err == nil && !q.tells(s.site, a) {
			err = ErrNoRecord // what another site did is not told here
		}
		return a, orNotFound(err, fmt.Sprintf("there is no change %d", id))
	})
}

// EachAudited visits the rows that a query finds, newest first, with all that they
// hold. An error of visit ends it and is returned.
func (s *Service) EachAudited(ctx context.Context, q AuditQuery, visit func(AuditRecord) error) error {
	q.Limit = MaxPage
	for {
		page, err := s.Audit(ctx, q)
		if err != nil {
			return err
		}
		for _, a := range page {
			if a.Before == nil || a.After == nil {
				if a, err = s.AuditedFor(ctx, q, a.ID); err != nil {
					return err
				}
			}
			if err := visit(a); err != nil {
				return err
			}
		}
		if len(page) < MaxPage {
			return nil
		}
		q.Before = page[len(page)-1].ID
	}
}

// Changes lists the audited changes of the site, newest first. Search is not looked at.
func (s *Service) Changes(ctx context.Context, q ListQuery) ([]Change, error) {
	return view(ctx, s, func(r Reader) ([]Change, error) {
		return r.Changes(s.site.ID, q.bounded())
	})
}
