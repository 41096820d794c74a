package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A Member is an account that has a role at a site of its own.
type Member struct {
	Account    string // its name
	Role       Role
	Everywhere Role // what it may do at every site; "": it is confined to its memberships
}

// A Membership is what an account may do at a site.
type Membership struct {
	Site Place
	Role Role
}

// RoleAt returns what an account may do at this site: its own role, unless it is confined, or
// that of its membership, whichever allows more. "" is nothing at all.
func (s *Service) RoleAt(ctx context.Context, a Account) (Role, error) {
	var everywhere Role
	if !a.Confined {
		everywhere = a.Role
	}
	if everywhere == RoleOwner {
		return everywhere, nil
	}
	here, err := view(ctx, s, func(r Reader) (Role, error) { return r.MemberRole(s.site.ID, a.ID) })
	if err != nil && !errors.Is(err, ErrNoRecord) {
		return "", err
	}
	if here.rank() > everywhere.rank() {
		return here, nil
	}
	return everywhere, nil
}

// RoleOf is RoleAt of the account with a name, as it is now.
func (s *Service) RoleOf(ctx context.Context, name string) (Role, error) {
	a, err := view(ctx, s, func(r Reader) (AccountRecord, error) { return findAccount(r, name) })
	if err != nil {
		return "", err
	}
	return s.RoleAt(ctx, a.Account)
}

// KeyRoleAt returns what a management key may do at this site.
func (s *Service) KeyRoleAt(k Key) Role {
	if k.Site != 0 && k.Site != s.site.ID {
		return ""
	}
	return k.Role
}

// Members lists the accounts that have a role at this site of their own, by name.
func (s *Service) Members(ctx context.Context) ([]Member, error) {
	return view(ctx, s, func(r Reader) ([]Member, error) { return r.Members(s.site.ID) })
}

// Memberships lists where an account is a member, by the name of the site.
func (s *Service) Memberships(ctx context.Context, account string) ([]Membership, error) {
	return view(ctx, s, func(r Reader) ([]Membership, error) {
		a, err := findAccount(r, account)
		if err != nil {
			return nil, err
		}
		return r.Memberships(a.ID)
	})
}

// SetMember gives an account a role at this site.
func (s *Service) SetMember(ctx context.Context, who Actor, name string, role Role) error {
	if err := validRole(role); err != nil {
		return err
	}
	return s.store.Update(ctx, func(w Writer) error {
		if err := s.stillThere(w); err != nil {
			return err
		}
		a, err := findAccount(w, name)
		if err != nil {
			return err
		}
		before, err := w.MemberRole(s.site.ID, a.ID)
		switch {
		case err == nil && before == role:
			return nil
		case err != nil && !errors.Is(err, ErrNoRecord):
			return err
		}
		if err := w.PutMember(s.site.ID, a.ID, role); err != nil {
			return err
		}
		if err := s.endOwnInvitations(w, who, a.Account, role); err != nil {
			return err
		}
		summary := fmt.Sprintf("made %s %s of the site %s", a.Name, withArticle(role), s.site.Name)
		return s.recordMember(w, who, actionSetMember, summary, a.Name, before, role)
	})
}

// RemoveMember takes an account's role at this site away. One that is no member is "not-found".
func (s *Service) RemoveMember(ctx context.Context, who Actor, name string) error {
	return s.store.Update(ctx, func(w Writer) error {
		a, err := findAccount(w, name)
		if err != nil {
			return err
		}
		before, err := w.MemberRole(s.site.ID, a.ID)
		if err != nil {
			return orNotFound(err, fmt.Sprintf("%s is no member of the site %s", a.Name, s.site.Name))
		}
		if err := w.DeleteMember(s.site.ID, a.ID); err != nil {
			return err
		}
		if err := s.endOwnInvitations(w, who, a.Account, ""); err != nil {
			return err
		}
		return s.recordMember(w, who, actionRemoveMember, fmt.Sprintf("took %s away from the site %s", a.Name, s.site.Name), a.Name, before, "")
	})
}

// Confine lets an account do nothing but what its memberships allow, or frees it of that.
// The last owner is not confined.
func (s *Service) Confine(ctx context.Context, who Actor, name string, confined bool) error {
	_, err := changeAccount(ctx, s, func(w Writer) (Account, error) {
		a, err := findAccount(w, name)
		if err != nil || a.Confined == confined {
			return a.Account, err
		}
		if confined {
			if err := notLastOwner(w, a.Account); err != nil {
				return Account{}, err
			}
			if err := s.endInvitationsBy(w, who, a.Name); err != nil {
				return Account{}, err
			}
		}
		if err := w.SetConfined(a.ID, confined); err != nil {
			return Account{}, err
		}
		after := a.Account
		after.Confined = confined
		summary := map[bool]string{true: "confined " + a.Name + " to its sites", false: "let " + a.Name + " see every site"}[confined]
		return after, s.recordPerson(w, who, actionSetRole, summary, audited(a.Account), audited(after))
	})
	return err
}

func findAccount(r Reader, name string) (AccountRecord, error) {
	return account(r, strings.ToLower(strings.TrimSpace(name)))
}

// auditedMember is a membership as the audit log keeps it.
type auditedMember struct {
	Account string `json:"account"`
	Role    Role   `json:"role"`
}

func (s *Service) recordMember(w Writer, who Actor, action, summary, name string, before, after Role) error {
	r := AuditRecord{Change: Change{Actor: who, Action: action, Summary: summary}, Site: s.site.ID}
	var err error
	if r.Before, err = encodeMember(name, before); err != nil {
		return err
	}
	if r.After, err = encodeMember(name, after); err != nil {
		return err
	}
	_, err = s.record(w, r, nil)
	return err
}

func encodeMember(name string, role Role) ([]byte, error) {
	if role == "" {
		return []byte("null"), nil
	}
	return json.Marshal(auditedMember{name, role})
}
