package control

import (
	"encoding/json"
	"time"
)

// auditedPerson is an account or an invitation as the audit log keeps it: never a
// password or a link.
type auditedPerson struct {
	Account   string    `json:"account"`
	Role      Role      `json:"role,omitempty"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

func audited(a Account) *auditedPerson { return &auditedPerson{Account: a.Name, Role: a.Role} }

func auditedInvitation(i Invitation) *auditedPerson {
	return &auditedPerson{Account: i.Name, Role: i.Role, ExpiresAt: i.ExpiresAt}
}

// recordPerson records what was done to an account or an invitation. Nil is one
// that is not there.
func (s *Service) recordPerson(w Writer, who Actor, action, summary string, before, after *auditedPerson) error {
	return s.recordPersonOf(w, 0, who, action, summary, before, after)
}

// recordPersonOf is recordPerson of what concerns one site alone; 0 is none.
func (s *Service) recordPersonOf(w Writer, site int64, who Actor, action, summary string, before, after *auditedPerson) error {
	r := AuditRecord{Change: Change{Actor: who, Action: action, Summary: summary}, Site: site}
	var err error
	if r.Before, err = json.Marshal(before); err != nil {
		return err
	}
	if r.After, err = json.Marshal(after); err != nil {
		return err
	}
	_, err = s.record(w, r, nil)
	return err
}
