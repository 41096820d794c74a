package main

import (
	"flag"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// described are the flags that say where a site is found and what is behind it. Nil is
// what was not given.
type described struct {
	addresses, upstreams *[]string
	healthPath           *string
}

func (d *described) flags(fs *flag.FlagSet, again string) {
	fs.Func("public-url", "`URL` where browsers find the site: an origin, or one and the beginning of a path (repeatable"+again+")", listTo(&d.addresses))
	fs.Func("upstream", "`URL` the API behind the site; requests are spread over several (repeatable"+again+")", listTo(&d.upstreams))
	fs.Func("health-path", "`PATH` what each upstream is asked now and then, to leave out those that do not answer; '' for nothing", func(s string) error {
		d.healthPath = &s
		return nil
	})
}

// listTo collects the values of a flag that may not be given at all.
func listTo(to **[]string) func(string) error {
	return func(s string) error {
		if *to == nil {
			*to = new([]string)
		}
		if s = strings.TrimSpace(s); s != "" {
			**to = append(**to, s)
		}
		return nil
	}
}

func (d *described) given() bool {
	return d.addresses != nil || d.upstreams != nil || d.healthPath != nil
}

// siteJSON is a site as scripts read it, with its policy.
type siteJSON struct {
	Name       string     `json:"name"`
	Addresses  []string   `json:"addresses"`
	Upstreams  []string   `json:"upstreams"`
	HealthPath string     `json:"health_path"`
	Enabled    bool       `json:"enabled"`
	CreatedAt  *time.Time `json:"created_at"`
	CreatedBy  string     `json:"created_by"`
	policyJSON
}

func siteToJSON(site control.Site, p control.Policy, locked []lockedJSON) siteJSON {
	return siteJSON{
		Name: site.Name, Addresses: append([]string{}, site.Addresses...), Upstreams: append([]string{}, site.Upstreams...),
		HealthPath: site.HealthPath, Enabled: site.Enabled, CreatedAt: jsonTime(site.CreatedAt), CreatedBy: site.CreatedBy,
		policyJSON: policyToJSON(p, locked),
	}
}

// settingsSay is what stands in a table for what serve is told of the site default.
const settingsSay = "as serve is told"

// whereFound are the addresses of a site, for people.
func whereFound(site control.Site) string {
	if site.ID == control.DefaultSiteID {
		return settingsSay
	}
	return strings.Join(site.Addresses, " ")
}

// whatBehind are the upstreams of a site, for people.
func whatBehind(site control.Site) string {
	if site.ID == control.DefaultSiteID {
		return settingsSay
	}
	return strings.Join(site.Upstreams, " ")
}
