package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/trust"
)

// A Site is one API behind the fleet, as it is kept. Of the one that is called default
// only the name counts: settings say all else.
type Site struct {
	ID         int64
	Name       string
	Addresses  []string // origins with the beginning of a path, as normalised: https://api.example.com/v2
	Upstreams  []string // URLs
	HealthPath string   // what is asked of each upstream; "": nothing
	Enabled    bool
	CreatedAt  time.Time
	CreatedBy  string
	Version    int64 // grows with each change: optimistic locking
}

// Limits of sites.
const (
	MaxSites     = 200_000
	MaxSiteName  = 63  // bytes, as in a DNS label
	MaxAddresses = 20  // of a site
	MaxUpstreams = 20  // of a site
	MaxUpstream  = 400 // bytes of a URL
)

// Place names the site that this is the control plane of.
func (s *Service) Place() Place { return s.site }

// ForSite returns the control plane of the site with a name ("not-found" where there is
// none); "" is the default one.
func (s *Service) ForSite(ctx context.Context, name string) (*Service, error) {
	if name == "" || name == DefaultSite {
		return s.In(Place{DefaultSiteID, DefaultSite}), nil
	}
	site, err := s.SiteNamed(ctx, name)
	return s.In(Place{site.ID, site.Name}), err
}

// In returns the control plane of a site that is known to be there.
func (s *Service) In(site Place) *Service { return &Service{s.plane, site} }

// Sites lists sites by name, the default one first, and how many match in all.
func (s *Service) Sites(ctx context.Context, q ListQuery) ([]Site, int, error) {
	q = q.bounded()
	total := 0
	list, err := view(ctx, s, func(r Reader) (_ []Site, err error) {
		list, err := r.Sites(q)
		if err == nil {
			total, err = q.total(len(list), func() (int, error) {
				if q.Search == "" {
					return s.sitesInAll(r)
				}
				return r.CountSites(q.Search)
			})
		}
		return list, err
	})
	return list, total, err
}

// EachSite visits every site by id, all of one state. An error of visit ends it and is returned.
func (s *Service) EachSite(ctx context.Context, visit func(Site) error) error {
	return s.store.View(ctx, func(r Reader) error { return r.EachSite(visit) })
}

// SiteNamed returns one site by its name.
func (s *Service) SiteNamed(ctx context.Context, name string) (Site, error) {
	return view(ctx, s, func(r Reader) (Site, error) { return siteNamed(r, name) })
}

// SiteOf returns one site by its id.
func (s *Service) SiteOf(ctx context.Context, id int64) (Site, error) {
	return view(ctx, s, func(r Reader) (Site, error) {
		site, err := r.SiteOf(id)
		return site, orNotFound(err, "the site is not there any more")
	})
}

// SiteNames returns the names of sites by their ids. Those that were removed are left out.
func (s *Service) SiteNames(ctx context.Context, ids []int64) (map[int64]string, error) {
	names := make(map[int64]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	return view(ctx, s, func(r Reader) (map[int64]string, error) {
		for _, id := range ids {
			if _, known := names[id]; known {
				continue
			}
			site, err := r.SiteOf(id)
			if err != nil && !errors.Is(err, ErrNoRecord) {
				return nil, err
			}
			names[id] = site.Name
		}
		return names, nil
	})
}

// Has reports whether a search finds the site.
func (site *Site) Has(search string) bool {
	return strings.Contains(strings.ToLower(site.Name+" "+strings.Join(site.Addresses, " ")), bounded(search))
}

func siteNamed(r Reader, name string) (Site, error) {
	site, err := r.SiteNamed(strings.ToLower(strings.TrimSpace(name)))
	if errors.Is(err, ErrNoRecord) {
		err = NoSite(name)
	}
	return site, err
}

// NoSite is said of a site that is not there, or that nobody is to know of.
func NoSite(name string) error {
	return refuse(CodeNotFound, "site", fmt.Sprintf("there is no site named %q; crossgate site list has the names", shortened(name)))
}

// gone is said of a site that was removed while somebody was at it.
func (s *Service) gone() error {
	return refuse(CodeNotFound, "site", fmt.Sprintf("the site %s is not there any more", s.site.Name))
}

// stillThere refuses what is asked of a site that was removed meanwhile.
func (s *Service) stillThere(r Reader) error {
	_, err := r.SiteOf(s.site.ID)
	if errors.Is(err, ErrNoRecord) {
		return s.gone()
	}
	return err
}

// AddSite makes a site. It trusts nobody yet.
func (s *Service) AddSite(ctx context.Context, who Actor, site Site) (Site, error) {
	site, err := s.validSite(site)
	if err != nil {
		return Site{}, err
	}
	site.ID, site.Enabled, site.CreatedAt, site.CreatedBy, site.Version = 0, true, s.now(), who.Name, 1
	return change(ctx, s, func(w Writer) (Site, error) {
		if err := siteFits(w, site); err != nil {
			return Site{}, err
		}
		if site.ID, err = w.InsertSite(site); err != nil {
			return Site{}, fmt.Errorf("writing a site: %w", err)
		}
		_, err := s.recordSite(w, who, actionAddSite, "added the site "+site.Name, nil, &site)
		return site, err
	})
}

// SetSite asks for a site to be changed. Nil fields stay.
type SetSite struct {
	Version    int64 // the version that was seen; 0: any
	Addresses  *[]string
	Upstreams  *[]string
	HealthPath *string
	Enabled    *bool
}

// SetSite changes the site with a name. Where that leaves it as it was, nothing is recorded.
func (s *Service) SetSite(ctx context.Context, who Actor, name string, in SetSite) (Site, error) {
	return change(ctx, s, func(w Writer) (Site, error) {
		site, _, err := s.setSite(w, who, name, in)
		return site, err
	})
}

// setSite is SetSite within a transaction. Where nothing is changed the Change is zero.
func (s *Service) setSite(w Writer, who Actor, name string, in SetSite) (Site, Change, error) {
	before, err := siteNamed(w, name)
	switch {
	case err != nil:
		return before, Change{}, err
	case before.ID == DefaultSiteID:
		return before, Change{}, refuse(CodeInvalid, "site", "the site default is described by the settings of serve: --upstream, --public-url and --mode")
	case in.Version != 0 && in.Version != before.Version:
		return before, Change{}, changedSince("the site " + before.Name)
	}
	after, did, err := s.siteApplied(before, in)
	if err != nil || len(did) == 0 {
		return before, Change{}, err
	}
	if err := siteFits(w, after); err != nil {
		return before, Change{}, err
	}
	if err := w.UpdateSite(after); err != nil {
		return before, Change{}, fmt.Errorf("writing a site: %w", err)
	}
	c, err := s.recordSite(w, who, actionSetSite, "site "+after.Name+": "+strings.Join(did, ", "), &before, &after)
	return after, c, err
}

// siteApplied returns the site as it is asked to be, and what that changes of it.
func (s *Service) siteApplied(before Site, in SetSite) (after Site, did []string, err error) {
	after = before
	if in.Addresses != nil {
		after.Addresses = *in.Addresses
	}
	if in.Upstreams != nil {
		after.Upstreams = *in.Upstreams
	}
	if in.HealthPath != nil {
		after.HealthPath = *in.HealthPath
	}
	if in.Enabled != nil {
		after.Enabled = *in.Enabled
	}
	if after, err = s.validSite(after); err != nil {
		return before, nil, err
	}
	if !slices.Equal(after.Addresses, before.Addresses) {
		did = append(did, "addresses "+strings.Join(after.Addresses, " "))
	}
	if !slices.Equal(after.Upstreams, before.Upstreams) {
		did = append(did, "upstreams "+strings.Join(after.Upstreams, " "))
	}
	if after.HealthPath != before.HealthPath {
		did = append(did, fmt.Sprintf("health path %q", after.HealthPath))
	}
	if after.Enabled != before.Enabled {
		did = append(did, map[bool]string{true: "switched on", false: "switched off"}[after.Enabled])
	}
	if len(did) > 0 {
		after.Version++
	}
	return after, did, nil
}

// RemoveSite removes a site with all that it has: Trusted Domains, tokens, policy and
// members. Its audit log stays. It cannot be undone.
func (s *Service) RemoveSite(ctx context.Context, who Actor, name string) error {
	_, err := change(ctx, s, func(w Writer) (Site, error) {
		before, err := siteNamed(w, name)
		if err != nil {
			return before, err
		}
		if before.ID == DefaultSiteID {
			return before, refuse(CodeInvalid, "site", "the site default is always there; take away what it trusts instead")
		}
		if err := w.RemoveSite(before.ID, s.now()); err != nil {
			return before, fmt.Errorf("removing a site: %w", err)
		}
		_, err = s.recordSite(w, who, actionRemoveSite, "removed the site "+before.Name, &before, nil)
		return before, err
	})
	return err
}

// siteFits checks what depends on other sites: that there is room, and that neither name
// nor address is another's.
func siteFits(r Reader, site Site) error {
	other, err := r.SiteNamed(site.Name)
	switch {
	case err == nil && other.ID != site.ID:
		return refuse(CodeExists, "name", fmt.Sprintf("there is a site named %s already", site.Name))
	case err != nil && !errors.Is(err, ErrNoRecord):
		return err
	}
	if site.ID == 0 {
		have, err := r.CountSites("")
		if err != nil {
			return err
		}
		if have >= MaxSites {
			return refuse(CodeTooMany, "", fmt.Sprintf("there are %d sites, which is the most that are kept", MaxSites))
		}
	}
	for _, address := range site.Addresses {
		for _, taken := range []string{address, otherScheme(address)} {
			at, err := r.SiteAt(taken)
			switch {
			case err == nil && at != site.ID:
				return refuse(CodeExists, "addresses", fmt.Sprintf("%s is the address of another site already", taken))
			case err != nil && !errors.Is(err, ErrNoRecord):
				return err
			}
		}
	}
	return nil
}

// otherScheme returns an address with http for https, and https for http: a request is of
// one site by its host and path, whatever its scheme.
func otherScheme(address string) string {
	if rest, ok := strings.CutPrefix(address, "https://"); ok {
		return "http://" + rest
	}
	return "https://" + strings.TrimPrefix(address, "http://")
}

// validSite returns a site with what was typed in normal form.
func (s *Service) validSite(site Site) (Site, error) {
	site.Name = strings.ToLower(strings.TrimSpace(site.Name))
	if err := validSiteName(site.Name); err != nil {
		return site, err
	}
	var err error
	if site.Addresses, err = each(site.Addresses, MaxAddresses, "addresses", NormalAddress); err != nil {
		return site, err
	}
	for _, address := range site.Addresses {
		if slices.ContainsFunc(s.own, func(o trust.Origin) bool { return o.String() == address || o.String() == otherScheme(address) }) {
			return site, refuse(CodeExists, "addresses", fmt.Sprintf("%s is the address of the site default (--public-url)", address))
		}
	}
	if site.Upstreams, err = each(site.Upstreams, MaxUpstreams, "upstreams", normalUpstream); err != nil {
		return site, err
	}
	site.HealthPath = strings.TrimSpace(site.HealthPath)
	if site.HealthPath != "" {
		err = validPath("health-path", "health path", site.HealthPath)
	}
	return site, err
}

func validSiteName(name string) error {
	switch {
	case name == "":
		return refuse(CodeInvalid, "name", "give the site a name, for example billing")
	case len(name) > MaxSiteName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || name[0] == '-' || name[len(name)-1] == '-':
		return refuse(CodeInvalid, "name", fmt.Sprintf("a site's name is made of letters a to z, digits and hyphens between them, at most %d", MaxSiteName))
	}
	return nil
}

// each puts every text of a list in normal form, each once.
func each(list []string, most int, field string, normal func(string) (string, error)) ([]string, error) {
	if len(list) > most {
		return nil, refuse(CodeTooMany, field, fmt.Sprintf("a site has at most %d %s", most, field))
	}
	out := make([]string, 0, len(list))
	for _, text := range list {
		one, err := normal(text)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out, nil
}

// NormalAddress returns an address of a site in normal form: an http or https origin,
// and the beginning of a path in whole segments where there is one, without a last slash.
func NormalAddress(text string) (string, error) {
	address, err := snapshot.ParseAddress(lowerOrigin(strings.TrimSpace(text)))
	if err != nil {
		return "", &Error{
			Code: CodeInvalid, Field: "addresses", Cause: err,
			Message: fmt.Sprintf("%q is no address: %v; an address looks like https://api.example.com, or https://api.example.com/v2 where only that part is the site's", shortened(text), err),
		}
	}
	return address.String(), nil
}

// lowerOrigin puts the part of a URL whose case means nothing in lower case, and leaves
// the scheme's own port out.
func lowerOrigin(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || !strings.HasPrefix(strings.ToLower(text), strings.ToLower(u.Scheme+"://"+u.Host)) {
		return text
	}
	rest := text[len(u.Scheme+"://"+u.Host):]
	host := u.Host
	if p := u.Port(); (p == "443" && u.Scheme == "https") || (p == "80" && u.Scheme == "http") {
		host = strings.TrimSuffix(host, ":"+p)
	}
	return strings.ToLower(u.Scheme+"://"+host) + rest
}

func normalUpstream(text string) (string, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil || len(text) > MaxUpstream || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Hostname() == "" ||
		u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", refuse(CodeInvalid, "upstreams", fmt.Sprintf("%q is no upstream; it looks like http://127.0.0.1:9000, without user name, query and fragment", shortened(text)))
	}
	return strings.TrimSuffix(text, "/"), nil
}

// origins returns the origins of the site's addresses, each once.
func (site *Site) origins() ([]trust.Origin, error) {
	var list []trust.Origin
	for _, text := range site.Addresses {
		address, err := snapshot.ParseAddress(text)
		if err != nil {
			return nil, fmt.Errorf("an address of the site %s cannot be read: %w", site.Name, err)
		}
		if !slices.Contains(list, address.Origin) {
			list = append(list, address.Origin)
		}
	}
	return list, nil
}

// ownOrigins are the origins of the API itself.
func (s *Service) ownOrigins(r Reader) ([]trust.Origin, error) {
	if s.site.ID == DefaultSiteID {
		return s.own, nil
	}
	site, err := r.SiteOf(s.site.ID)
	if err != nil {
		return nil, orNotFound(err, "the site is not there any more")
	}
	return site.origins()
}

// auditedSite is a site as the audit log keeps it.
type auditedSite struct {
	Name       string   `json:"name"`
	Addresses  []string `json:"addresses"`
	Upstreams  []string `json:"upstreams"`
	HealthPath string   `json:"health_path,omitempty"`
	Enabled    bool     `json:"enabled"`
	Version    int64    `json:"version"`
}

// recordSite records what was done to a site. Nil is one that is not there.
func (s *Service) recordSite(w Writer, who Actor, action, summary string, before, after *Site) (Change, error) {
	of := after
	if of == nil {
		of = before
	}
	r := AuditRecord{Change: Change{Actor: who, Action: action, Summary: summary}, Site: of.ID}
	var err error
	if r.Before, err = encodeSite(before); err != nil {
		return Change{}, err
	}
	if r.After, err = encodeSite(after); err != nil {
		return Change{}, err
	}
	return s.record(w, r, []Subject{{of.ID, SubjectSite, of.Name}})
}

func encodeSite(site *Site) ([]byte, error) {
	if site == nil {
		return []byte("null"), nil
	}
	return json.Marshal(auditedSite{site.Name, site.Addresses, site.Upstreams, site.HealthPath, site.Enabled, site.Version})
}
