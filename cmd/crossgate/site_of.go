package main

import (
	"context"
	"errors"
	"slices"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

// siteOf returns the control plane of the site that --site names.
func (c *call) siteOf(ctx context.Context, service *control.Service) (*control.Service, error) {
	here, err := service.ForSite(ctx, c.settings.Site)
	return here, nearestSite(ctx, service, c.settings.Site, err)
}

// nearestSite adds to the error of a site that is not there the name that was probably meant.
func nearestSite(ctx context.Context, service *control.Service, name string, err error) error {
	missing, ok := errors.AsType[*control.Error](err)
	if !ok || missing.Code != control.CodeNotFound {
		return err
	}
	var names []string
	if e := service.EachSite(ctx, func(site control.Site) error {
		names = append(names, site.Name)
		return nil
	}); e != nil {
		return e
	}
	f := &failure{exit: exitNo, text: missing.Message}
	if near := config.Nearest(name, names); near != "" {
		f.advice = "did you mean: " + near
	}
	return f
}

// named takes the site that an argument names in place of that of --site.
func (c *call) named(command string) error {
	if len(c.args) == 0 {
		return nil
	}
	by := slices.IndexFunc(c.settings.Given(), func(g config.Given) bool { return g.Name == "site" && g.From == "--site" })
	if by >= 0 && c.settings.Site != c.args[0] {
		return wrongUse(command, "two sites are named: "+c.args[0]+", and with --site "+c.settings.Site)
	}
	c.settings.Site = c.args[0]
	return nil
}

// siteGiven reports whether a site is named by a flag or in the environment.
func (c *call) siteGiven() bool { return c.settings.Site != "" }
