package dashboard

import (
	"context"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/audit"
	"github.com/crossgate/crossgate/internal/dashboard/inspector"
	"github.com/crossgate/crossgate/internal/dashboard/overview"
	"github.com/crossgate/crossgate/internal/dashboard/policy"
	"github.com/crossgate/crossgate/internal/dashboard/refused"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	sitepages "github.com/crossgate/crossgate/internal/dashboard/sites"
	"github.com/crossgate/crossgate/internal/dashboard/tokens"
	"github.com/crossgate/crossgate/internal/dashboard/transfer"
)

// sites is the control plane, as the shell asks it for sites and roles.
type sites struct{ control *control.Service }

// Site is [shell.Sites].
func (s sites) Site(ctx context.Context, name string) (control.Place, error) {
	at, err := s.control.ForSite(ctx, name)
	if err != nil {
		return control.Place{}, err
	}
	return at.Place(), nil
}

// RoleAt is [shell.Sites].
func (s sites) RoleAt(ctx context.Context, site control.Place, a control.Account) (control.Role, error) {
	return s.control.In(site).RoleAt(ctx, a)
}

// Several is [shell.Sites].
func (s sites) Several(ctx context.Context) (bool, error) {
	n, err := s.control.SitesInAll(ctx)
	return n > 1, err
}

// views gives the pages what they show of a site. What was set at the start is the
// default site's.
type views struct{ Config }

func (v views) locked(site control.Place) []Locked {
	if site.ID != control.DefaultSiteID {
		return nil
	}
	return v.Locked
}

// api is where browsers find the API of a site.
func (v views) api(site control.Place) func(context.Context) string {
	return func(ctx context.Context) string {
		if site.ID == control.DefaultSiteID {
			return v.API
		}
		if found, err := v.Control.SiteNamed(ctx, site.Name); err == nil && len(found.Addresses) > 0 {
			return found.Addresses[0]
		}
		return "https://" + site.Name + ".example" // an example all the same: it has no address yet
	}
}

func (v views) overview(site control.Place, inbox *refused.Page) overview.Site {
	s := overview.Site{
		Records: v.Control.In(site), Locked: v.locked(site), API: v.api(site),
		Waiting: func(ctx context.Context) int { return inbox.Waiting(ctx, site) },
	}
	if v.Inspect != nil {
		s.Traffic = v.Inspect.At(site.ID)
	}
	return s
}

func (v views) refused(site control.Place) refused.Site {
	s := refused.Site{Records: v.Control.In(site)}
	if v.Inspect != nil {
		s.Refusals = v.Inspect.At(site.ID)
	}
	return s
}

func (v views) inspector(site control.Place) inspector.Site {
	at := v.Control.In(site)
	s := inspector.Site{
		Recorder: v.Inspect.At(site.ID), Control: at, API: v.api(site), Node: at.NodeOfSeveral,
		MayWatch: func(ctx context.Context, who shell.Visitor) bool {
			role, err := at.RoleOf(ctx, who.Name)
			return err == nil && role.Allows(control.RoleViewer)
		},
	}
	return s
}

func (v views) security(site control.Place) security.Site {
	s := security.Site{Domains: v.Control.In(site), Locked: v.locked(site)}
	if v.Inspect != nil {
		s.Seen = v.Inspect.At(site.ID)
	}
	return s
}

func (v views) policy(site control.Place) policy.Site {
	return policy.Site{Policies: v.Control.In(site), Locked: v.locked(site)}
}

func (v views) tokens(site control.Place) tokens.Site {
	return tokens.Site{Tokens: v.Control.In(site), API: v.api(site)}
}

func (v views) transfer(site control.Place) transfer.Domains { return v.Control.In(site) }

func (v views) members(site control.Place) sitepages.Members { return v.Control.In(site) }

func (v views) audit(site control.Place) audit.Log { return v.Control.In(site) }
