package control

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
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
	MaxSiteInvitations = 100  // of them to one site, so that its owners leave some to others
)

// Invite makes a single-use invitation, and returns the secret of its link, once.
// Only the digest is kept. An earlier invitation of the same name ends.
func (s *Service) Invite(ctx context.Context, who Actor, name string, role Role) (secret string, _ Invitation, err error) {
	return s.inviteTo(ctx, who, name, role, 0)
}

// InviteTo is Invite of somebody who will be confined to this site, with that role there.
// An invitation of the same name to anything else stays, and is "already-exists".
func (s *Service) InviteTo(ctx context.Context, who Actor, name string, role Role) (secret string, _ Invitation, err error) {
	return s.inviteTo(ctx, who, name, role, s.site.ID)
}

func (s *Service) inviteTo(ctx context.Context, who Actor, name string, role Role, site int64) (secret string, _ Invitation, err error) {
	name, err = accountName(name)
	if err == nil {
		err = validRole(role)
	}
	if err != nil {
		return "", Invitation{}, err
	}
	secret, digest := s.newSecret()
	inv := Invitation{
		Name: name, Role: role, CreatedBy: who.Name, Site: site,
		CreatedAt: s.now(), ExpiresAt: s.now().Add(InvitationLifetime),
	}
	err = s.store.Update(ctx, func(w Writer) error {
		if err := s.stillThere(w); site != 0 && err != nil {
			return err
		}
		if err := s.invitationFits(w, name, site); err != nil {
			return err
		}
		if inv.ID, err = w.InsertInvitation(inv, digest); err != nil {
			return fmt.Errorf("writing an invitation: %w", err)
		}
		summary := fmt.Sprintf("invited %s as %s", name, withArticle(role))
		if site != 0 {
			summary += " of the site " + s.site.Name
		}
		return s.recordPersonOf(w, site, who, actionInvite, summary, nil, auditedInvitation(inv))
	})
	if err != nil {
		return "", Invitation{}, err
	}
	return secret, inv, nil
}

// invitationFits makes room for an invitation: those that have expired go, and the
// one of the same name, unless it is to more than this one is.
func (s *Service) invitationFits(w Writer, name string, site int64) error {
	if err := notTaken(w, name); err != nil {
		return err
	}
	open, err := w.Invitations()
	if err != nil {
		return err
	}
	kept, toSite := 0, 0
	for _, inv := range open {
		valid := inv.valid(s.clock())
		if valid && inv.Name != name {
			kept++
			if inv.Site == site {
				toSite++
			}
			continue
		}
		if valid && site != 0 && inv.Site != site {
			return refuse(CodeExists, "name", fmt.Sprintf("%s is invited already, to something else; ask an owner to revoke that invitation first", name))
		}
		if err := w.DeleteInvitation(inv.ID); err != nil {
			return err
		}
	}
	if site != 0 && toSite >= MaxSiteInvitations {
		return refuse(CodeTooMany, "", fmt.Sprintf("there are %d open invitations to this site, which is the most that are kept; revoke some first", toSite))
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

// InvitationsTo lists those of them that are to this site.
func (s *Service) InvitationsTo(ctx context.Context) ([]Invitation, error) {
	all, err := s.Invitations(ctx)
	return slices.DeleteFunc(all, func(inv Invitation) bool { return inv.Site != s.site.ID }), err
}

// RevokeInvitation makes an invitation's link invalid.
func (s *Service) RevokeInvitation(ctx context.Context, who Actor, id int64) error {
	return s.revokeInvitation(ctx, who, id, func(Invitation) bool { return true })
}

// RevokeInvitationTo is RevokeInvitation of one that is to this site.
func (s *Service) RevokeInvitationTo(ctx context.Context, who Actor, id int64) error {
	return s.revokeInvitation(ctx, who, id, func(inv Invitation) bool { return inv.Site == s.site.ID })
}

func (s *Service) revokeInvitation(ctx context.Context, who Actor, id int64, may func(Invitation) bool) error {
	return s.store.Update(ctx, func(w Writer) error {
		inv, err := w.Invitation(id)
		if err == nil && !may(inv) {
			err = ErrNoRecord
		}
		if err != nil {
			return orNotFound(err, "that invitation was accepted, revoked or replaced already; load the list again")
		}
		if err := w.DeleteInvitation(id); err != nil {
			return err
		}
		return s.recordPersonOf(w, inv.Site, who, actionRevokeInvitation, "revoked the invitation of "+inv.Name, auditedInvitation(inv), nil)
	})
}

// endInvitationsBy ends the open invitations of somebody who may not invite any more: a
// link that was kept would be the way back in.
func (s *Service) endInvitationsBy(w Writer, who Actor, name string) error {
	return s.endInvitations(w, who, func(inv Invitation) bool { return inv.CreatedBy == name })
}

// endOwnInvitations ends those that somebody made to this site, who is not its owner any
// more, unless they own everything.
func (s *Service) endOwnInvitations(w Writer, who Actor, a Account, role Role) error {
	if role.Allows(RoleOwner) || a.Role == RoleOwner && !a.Confined {
		return nil
	}
	return s.endInvitations(w, who, func(inv Invitation) bool { return inv.CreatedBy == a.Name && inv.Site == s.site.ID })
}

func (s *Service) endInvitations(w Writer, who Actor, which func(Invitation) bool) error {
	open, err := w.Invitations()
	if err != nil {
		return err
	}
	for _, inv := range open {
		if !which(inv) {
			continue
		}
		if err := w.DeleteInvitation(inv.ID); err != nil {
			return err
		}
		summary := fmt.Sprintf("ended the invitation of %s, which %s had made", inv.Name, inv.CreatedBy)
		if err := s.recordPersonOf(w, inv.Site, who, actionRevokeInvitation, summary, auditedInvitation(inv), nil); err != nil {
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
		return s.admit(w, who, inv, a)
	})
}

// admit makes the account of an invitation. One that is to a site is confined to it: what
// the account could do elsewhere, were it not, is the least that there is.
func (s *Service) admit(w Writer, who Actor, inv Invitation, a AccountRecord) (Account, error) {
	summary := a.Name + " accepted the invitation of " + inv.CreatedBy
	if a.Role = inv.Role; inv.Site == 0 {
		return s.insertAccount(w, who, actionAcceptInvitation, summary, a)
	}
	site, err := w.SiteOf(inv.Site)
	if err != nil {
		return Account{}, orNotFound(err, "the site of this invitation is not there any more")
	}
	a.Role, a.Confined = RoleViewer, true
	made, err := s.insertAccount(w, who, actionAcceptInvitation, summary, a)
	if err != nil {
		return Account{}, err
	}
	if err := w.PutMember(site.ID, made.ID, inv.Role); err != nil {
		return Account{}, err
	}
	summary += fmt.Sprintf(", as %s of the site %s", withArticle(inv.Role), site.Name)
	return made, s.In(Place{site.ID, site.Name}).recordMember(w, who, actionSetMember, summary, made.Name, "", inv.Role)
}
