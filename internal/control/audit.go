package control

import (
	"context"
	"encoding/hex"
	"time"
)

// An Actor is who asks, for the audit log.
type Actor struct {
	Kind    string // "user", "command-line", "system"
	Name    string // account name, or the operating system's user
	Address string // remote address, "" on the command line
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
	actionCreateToken   = "token.create"
	actionRevokeToken   = "token.revoke"
	actionAddAccount    = "account.add"
	actionSetPassword   = "account.password"
	actionRemoveAccount = "account.remove"
	actionSetup         = "account.setup"
)

// changeIDBytes is the length of a change id, in random bytes.
const changeIDBytes = 16

// record writes the audit row of a change, and of what it changed.
func (s *Service) record(w Writer, r AuditRecord, subjects []Subject) (Change, error) {
	r.At = s.now()
	id, err := w.Record(r, subjects, hex.EncodeToString(s.random(changeIDBytes)))
	r.Change.ID = id
	return r.Change, err
}

// Changes lists the audited changes of the site, newest first. Search is not looked at.
func (s *Service) Changes(ctx context.Context, q ListQuery) ([]Change, error) {
	return view(ctx, s, func(r Reader) ([]Change, error) {
		return r.Changes(DefaultSiteID, q.bounded())
	})
}
