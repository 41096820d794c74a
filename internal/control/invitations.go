package control

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
)

// An Invitation lets whoever has its link make one account, once.
type Invitation struct {
	ID        int64
	Name      string // of the account
	Role      Role
	CreatedAt time.Time
	CreatedBy string
	ExpiresAt time.Time
	Site      int64 // to which the account will be confined; 0: it will not be
}

// Limits of invitations.
const (
	InvitationLifetime = 7 * 24 * time.Hour
	MaxInvitations     = 1000 // open at once
)

// Invite makes a single-use invitation, and returns the secret of its link, once.
// Only the digest is kept. An earlier invitation of the same name ends.
func (s *Service) Invite(ctx context.Context, who Actor, name string, role Role) (secret string, _ Invitation, err error) {
	name, err = accountName(name)
	if err == nil {
		err = validRole(role)
	}
	if err != nil {
		return "", Invitation{}, err
	}
	secret, digest := s.newSecret()
	inv := Invitation{
		Name: name, Role: role, CreatedBy: who.Name,
		CreatedAt: s.now(), ExpiresAt: s.now().Add(InvitationLifetime),
	}
	err = s.store.Update(ctx, func(w Writer) error {
		if err := s.invitationFits(w, name); err != nil {
			return err
		}
		if inv.ID, err = w.InsertInvitation(inv, digest); err != nil {
			return fmt.Errorf("writing an invitation: %w", err)
		}
		summary := fmt.Sprintf("invited %s as %s", name, withArticle(role))
		return s.recordPerson(w, who, actionInvite, summary, nil, auditedInvitation(inv))
	})
	if err != nil {
		return "", Invitation{}, err
	}
	return secret, inv, nil
}

// invitationFits makes room for an invitation: those that have expired go, and the
// one of the same name.
func (s *Service) invitationFits(w Writer, name string) error {
	if err := notTaken(w, name); err != nil {
		return err
	}
	open, err := w.Invitations()
	if err != nil {
		return err
	}
	kept := 0
	for _, inv := range open {
		if inv.Name != name && inv.valid(s.clock()) {
			kept++
			continue
		}
		if err := w.DeleteInvitation(inv.ID); err != nil {
			return err
		}
	}
	if kept >= MaxInvitations {
		return refuse(CodeTooMany, "", fmt.Sprintf("there are %d open invitations, which is the most that are kept; revoke some first", kept))
	}
	return nil
}

func (i Invitation) valid(now time.Time) bool { return now.Before(i.ExpiresAt) }

// Invitations lists the invitations that can still be accepted, by name.
func (s *Service) Invitations(ctx context.Context) ([]Invitation, error) {
	return view(ctx, s, func(r Reader) ([]Invitation, error) {
		all, err := r.Invitations()
		open := make([]Invitation, 0, len(all))
		for _, inv := range all {
			if inv.valid(s.clock()) {
				open = append(open, inv)
			}
		}
		return open, err
	})
}

// RevokeInvitation makes an invitation's link invalid.
func (s *Service) RevokeInvitation(ctx context.Context, who Actor, id int64) error {
	return s.store.Update(ctx, func(w Writer) error {
		inv, err := w.Invitation(id)
		if err != nil {
			return orNotFound(err, "that invitation was accepted, revoked or replaced already; load the list again")
		}
		if err := w.DeleteInvitation(id); err != nil {
			return err
		}
		return s.recordPerson(w, who, actionRevokeInvitation, "revoked the invitation of "+inv.Name, auditedInvitation(inv), nil)
	})
}

// endInvitationsBy ends the open invitations of somebody who may not invite any more: a
// link that was kept would be the way back in.
func (s *Service) endInvitationsBy(w Writer, who Actor, name string) error {
	open, err := w.Invitations()
	if err != nil {
		return err
	}
	for _, inv := range open {
		if inv.CreatedBy != name {
			continue
		}
		if err := w.DeleteInvitation(inv.ID); err != nil {
			return err
		}
		summary := fmt.Sprintf("ended the invitation of %s, which %s had made", inv.Name, name)
		if err := s.recordPerson(w, who, actionRevokeInvitation, summary, auditedInvitation(inv), nil); err != nil {
			return err
		}
	}
	return nil
}

// InvitationOf returns the invitation of a link's secret ("wrong-secret" where there
// is none that can be accepted).
func (s *Service) InvitationOf(ctx context.Context, secret string) (Invitation, error) {
	return view(ctx, s, func(r Reader) (Invitation, error) { return s.invitationOf(r, secret) })
}

func (s *Service) invitationOf(r Reader, secret string) (Invitation, error) {
	inv, err := r.InvitationOf(sha256.Sum256([]byte(secret)))
	switch {
	case errors.Is(err, ErrNoRecord), err == nil && !inv.valid(s.clock()):
		return Invitation{}, refuse(CodeWrongSecret, "", "this invitation was used already, was revoked or has expired; ask for another one")
	case err != nil:
		return Invitation{}, err
	}
	return inv, nil
}

// AcceptInvitation makes the account that an invitation is for, and ends the
// invitation.
func (s *Service) AcceptInvitation(ctx context.Context, secret, password, address string) (Account, error) {
	inv, err := s.InvitationOf(ctx, secret) // before the password is computed, which is costly
	if err != nil {
		return Account{}, err
	}
	a, err := s.newAccount(ctx, inv.Name, password, inv.Role)
	if err != nil {
		return Account{}, err
	}
	who := Actor{Kind: "user", Name: a.Name, Address: address}
	return changeAccount(ctx, s, func(w Writer) (Account, error) {
		inv, err := s.invitationOf(w, secret)
		if err != nil {
			return Account{}, err
		}
		if err := w.DeleteInvitation(inv.ID); err != nil {
			return Account{}, err
		}
		a.Role = inv.Role
		return s.insertAccount(w, who, actionAcceptInvitation, a.Name+" accepted the invitation of "+inv.CreatedBy, a)
	})
}
