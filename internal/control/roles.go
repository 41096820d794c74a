package control

import (
	"context"
	"fmt"
	"strings"
)

// A Role says what an account or a management key may do. Each may do what those
// before it may. The zero Role may do nothing.
type Role string

// The roles.
const (
	RoleViewer Role = "viewer" // sees
	RoleEditor Role = "editor" // changes Trusted Domains and access tokens
	RoleOwner  Role = "owner"  // also the policy, people and management keys
)

// ParseRole reads a role as a person writes it.
func ParseRole(text string) (Role, error) {
	r := Role(strings.ToLower(strings.TrimSpace(text)))
	return r, validRole(r)
}

// Allows reports whether a role may do what needs another one.
func (r Role) Allows(need Role) bool { return need.rank() > 0 && r.rank() >= need.rank() }

func (r Role) rank() int {
	switch r {
	case RoleViewer:
		return 1
	case RoleEditor:
		return 2
	case RoleOwner:
		return 3
	}
	return 0
}

func validRole(r Role) error {
	if r.rank() > 0 {
		return nil
	}
	return refuse(CodeInvalid, "role", fmt.Sprintf("%q is no role; use viewer, editor or owner", shortened(string(r))))
}

// SetRole gives an account another role, in its open sessions, too. The last owner
// stays one. The open invitations of somebody who is no owner any more end.
func (s *Service) SetRole(ctx context.Context, who Actor, name string, role Role) (Account, error) {
	if err := validRole(role); err != nil {
		return Account{}, err
	}
	name = strings.ToLower(strings.TrimSpace(name))
	return changeAccount(ctx, s, func(w Writer) (Account, error) {
		before, err := account(w, name)
		if err != nil || before.Role == role {
			return before.Account, err
		}
		if err := notLastOwner(w, before.Account); err != nil {
			return Account{}, err
		}
		if err := w.SetRole(before.ID, role); err != nil {
			return Account{}, err
		}
		if !role.Allows(RoleOwner) {
			if err := s.endInvitationsBy(w, who, name); err != nil {
				return Account{}, err
			}
		}
		after := before.Account
		after.Role = role
		summary := fmt.Sprintf("made %s %s", name, withArticle(role))
		return after, s.recordPerson(w, who, actionSetRole, summary, audited(before.Account), audited(after))
	})
}

// notLastOwner refuses what would leave nobody who may do everything.
func notLastOwner(r Reader, a Account) error {
	if a.Role != RoleOwner || a.Confined {
		return nil
	}
	all, err := r.Accounts()
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != a.ID && other.Role == RoleOwner && !other.Confined {
			return nil
		}
	}
	return refuse(CodeLastOwner, "role", a.Name+" is the only owner; make another account an owner first")
}

func withArticle(r Role) string {
	if r == RoleViewer {
		return "a viewer"
	}
	return "an " + string(r)
}
