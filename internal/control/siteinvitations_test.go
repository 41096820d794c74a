package control_test

import (
	"fmt"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

// atSite makes a site and returns its control plane.
func atSite(t *testing.T, c *control.Service, name string) *control.Service {
	t.Helper()
	_, err := c.AddSite(t.Context(), anna, control.Site{Name: name})
	must(t, err)
	there, err := c.ForSite(t.Context(), name)
	must(t, err)
	return there
}

// Whoever accepts an invitation to a site may do what it says there, and nothing else.
func TestInvitationToASite(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	billing, shop := atSite(t, c, "billing"), atSite(t, c, "shop")
	secret, inv, err := billing.InviteTo(t.Context(), anna, "bob", control.RoleOwner)
	must(t, err)
	same(t, inv.Site, billing.Place().ID)
	made, err := c.AcceptInvitation(t.Context(), secret, password, address)
	must(t, err)
	same(t, made.Confined, true)
	for at, want := range map[*control.Service]control.Role{billing: control.RoleOwner, shop: "", c: ""} {
		role, err := at.RoleOf(t.Context(), "bob")
		must(t, err)
		same(t, role, want)
	}
	same(t, changes(t, billing)[0], "site.member: bob accepted the invitation of anna, as an owner of the site billing")

	// Freed of its confinement, it has the least role there is.
	must(t, c.Confine(t.Context(), anna, "bob", false))
	role, err := shop.RoleOf(t.Context(), "bob")
	must(t, err)
	same(t, role, control.RoleViewer)
}

// An invitation to a site is of that site: it stands in the way of no other one, and ends
// with whoever made it, or with the site.
func TestInvitationsOfSites(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	billing, shop := atSite(t, c, "billing"), atSite(t, c, "shop")
	_, wide, err := c.Invite(t.Context(), anna, "carl", control.RoleViewer)
	must(t, err)
	_, _, err = billing.InviteTo(t.Context(), anna, "carl", control.RoleViewer)
	wantCode(t, err, control.CodeExists)
	wantCode(t, billing.RevokeInvitationTo(t.Context(), anna, wide.ID), control.CodeNotFound)
	must(t, c.RevokeInvitation(t.Context(), anna, wide.ID))

	person(t, c, "olga", control.RoleViewer)
	must(t, billing.SetMember(t.Context(), anna, "olga", control.RoleOwner))
	olga := control.Actor{Kind: "user", Name: "olga"}
	for _, at := range []*control.Service{billing, shop} {
		_, _, err = at.InviteTo(t.Context(), olga, "guest-at-"+at.Place().Name, control.RoleViewer)
		must(t, err)
	}
	names := func(at *control.Service) (list []string) {
		open, err := at.InvitationsTo(t.Context())
		must(t, err)
		for _, inv := range open {
			list = append(list, inv.Name)
		}
		return list
	}
	same(t, names(billing), []string{"guest-at-billing"})
	must(t, billing.SetMember(t.Context(), anna, "olga", control.RoleEditor))
	same(t, len(names(billing)), 0)
	same(t, names(shop), []string{"guest-at-shop"})
	must(t, c.RemoveSite(t.Context(), anna, "shop"))
	open, err := c.Invitations(t.Context())
	must(t, err)
	same(t, len(open), 0)
}

// Whoever is no owner of a site any more because a file says so cannot come back by a link
// that he made before.
func TestApplyEndsInvitations(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	person(t, c, "olga", control.RoleViewer)
	must(t, c.Confine(t.Context(), anna, "olga", true))
	billing := atSite(t, c, "billing")
	for _, then := range [][]control.DeclaredMember{{}, {{Name: "olga", Role: control.RoleEditor}}} {
		must(t, billing.SetMember(t.Context(), anna, "olga", control.RoleOwner))
		secret, _, err := billing.InviteTo(t.Context(), control.Actor{Kind: "user", Name: "olga"}, "back", control.RoleOwner)
		must(t, err)
		applied(t, c, control.DeclaredSite{Name: "billing", Members: &then})
		_, err = c.AcceptInvitation(t.Context(), secret, password, address)
		wantCode(t, err, control.CodeWrongSecret)
	}
}

// The owners of one site cannot use up the invitations of all.
func TestInvitationsOfASiteAreBounded(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	billing, shop := atSite(t, c, "billing"), atSite(t, c, "shop")
	invite := func(at *control.Service, name string) error {
		_, _, err := at.InviteTo(t.Context(), anna, name, control.RoleViewer)
		return err
	}
	for i := range control.MaxSiteInvitations {
		must(t, invite(billing, fmt.Sprint("guest", i)))
	}
	wantCode(t, invite(billing, "another"), control.CodeTooMany)
	must(t, invite(billing, "guest0")) // in place of the one that it has
	must(t, invite(shop, "another"))
}

// What is removed while somebody is at it has no members and no invitations.
func TestRemovedSiteAdmitsNobody(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	billing := atSite(t, c, "billing")
	must(t, c.RemoveSite(t.Context(), anna, "billing"))
	wantCode(t, billing.SetMember(t.Context(), anna, "anna", control.RoleViewer), control.CodeNotFound)
	_, _, err := billing.InviteTo(t.Context(), anna, "bob", control.RoleViewer)
	wantCode(t, err, control.CodeNotFound)
}

// Counts are the same whether they are taken in memory or in the records.
func TestSizes(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	billing := atSite(t, c, "billing")
	_, _, err := billing.AddDomains(t.Context(), anna, control.AddDomains{Text: []string{"a.example, b.example"}})
	must(t, err)
	_, _, err = billing.CreateToken(t.Context(), anna, control.CreateToken{Name: "Page"})
	must(t, err)
	id := billing.Place().ID
	sizes, err := c.Sizes(t.Context(), []int64{control.DefaultSiteID, id})
	must(t, err)
	same(t, sizes, map[int64]control.Size{control.DefaultSiteID: {}, id: {Domains: 2, Tokens: 1}})
	n, err := c.SitesInAll(t.Context())
	must(t, err)
	same(t, n, 2)
	_, total, err := billing.Domains(t.Context(), control.ListQuery{Limit: 1})
	must(t, err)
	same(t, total, 2)
}
