package shell

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
)

// Sites are the sites behind the fleet, and what people may do there. The site of a page
// is in its address and nowhere else, so that two tabs cannot confuse each other: the
// pages of the default site are where they are, those of another one below
// [SitesPath]/NAME.
type Sites interface {
	// Site returns the site with a name; where there is none, a [*control.Error] with
	// [control.CodeNotFound].
	Site(ctx context.Context, name string) (control.Place, error)
	// RoleAt returns what an account may do at a site; "": nothing.
	RoleAt(ctx context.Context, site control.Place, a control.Account) (control.Role, error)
	// Several reports whether there is a site beside the default one.
	Several(ctx context.Context) (bool, error)
}

// SitesPath is where the list of sites is, and below it what belongs to each.
const SitesPath = "/sites"

// oneSite is what a shell knows that was told of no sites.
type oneSite struct{}

func (oneSite) Site(_ context.Context, name string) (control.Place, error) {
	if name != control.DefaultSite {
		return control.Place{}, &control.Error{Code: control.CodeNotFound, Message: "there is one site"}
	}
	return control.Place{ID: control.DefaultSiteID, Name: name}, nil
}

func (oneSite) RoleAt(_ context.Context, _ control.Place, a control.Account) (control.Role, error) {
	return everywhere(a), nil
}

func (oneSite) Several(context.Context) (bool, error) { return false, nil }

// everywhere is what an account may do at every site, and of what belongs to no site.
func everywhere(a control.Account) control.Role {
	if a.Confined {
		return ""
	}
	return a.Role
}

// siteKey is where the context of a request has the name of the site that its address
// names. Without one the site is the default one.
type siteKey struct{}

// split takes the site out of the address of a request, which then reads as it does at
// the default site. What names the site in a way that no link does, or is no path that a
// link leads to, is not found.
func split(r *http.Request) (*http.Request, error) {
	below, ok := strings.CutPrefix(r.URL.Path, SitesPath+"/")
	if !ok {
		return r, nil
	}
	name, rest, _ := strings.Cut(below, "/")
	rest = "/" + rest
	clean := path.Clean(rest)
	if name == "" || clean != rest && clean+"/" != rest {
		return nil, NotFound
	}
	if name == control.DefaultSite {
		return nil, &elsewhere{path: rest, query: r.URL.RawQuery}
	}
	inner := r.WithContext(context.WithValue(r.Context(), siteKey{}, name))
	inner.URL = new(url.URL)
	*inner.URL = *r.URL
	inner.URL.Path = rest
	if r.URL.RawPath != "" {
		raw, ok := strings.CutPrefix(r.URL.RawPath, SitesPath+"/"+name)
		if !ok {
			return nil, NotFound
		}
		inner.URL.RawPath = raw
	}
	return inner, nil
}

// elsewhere is where the default site's pages are, for who was led to them by its name.
type elsewhere struct{ path, query string }

func (e *elsewhere) Error() string { return "the page is at " + e.path }

// redirect leads there. Forms are sent by pages of the default site to where they belong.
func (e *elsewhere) redirect(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return NotFound
	}
	to := url.URL{Path: e.path, RawQuery: e.query}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return nil
}

// LinkTo is a page's address at a site, for a link from any other one.
func LinkTo(site, path string) string { return SitesPath + "/" + site + path }

// SiteAddress is a page's path as it is at a site.
func SiteAddress(site, path string) string { return prefixOf(site) + path }

// prefixOf is what stands before the paths of a site.
func prefixOf(site string) string {
	if site == "" || site == control.DefaultSite {
		return ""
	}
	return SitesPath + "/" + site
}

// siteOf returns the site that the address of a request names. One that is not there is
// [NotFound].
func (m *Mux) siteOf(r *http.Request) (control.Place, error) {
	name, ok := r.Context().Value(siteKey{}).(string)
	if !ok {
		name = control.DefaultSite
	}
	site, err := m.shell.sites.Site(r.Context(), name)
	if refused, is := errors.AsType[*control.Error](err); is && refused.Code == control.CodeNotFound || err == nil && site.Name != name {
		return control.Place{}, NotFound
	}
	return site, err
}

// To is a path of the dashboard as it is at the visitor's site. Pages go on in another
// site's address only where they say so themselves; what belongs to no site, as static
// files and signing in do, stays where it is.
func (v *Visitor) To(path string) string {
	if v == nil || v.prefix == "" || !v.mux.IsBelowSites(path) {
		return path
	}
	return v.prefix + path
}

// IsBelowSites reports whether a path, with or without a query, is one that each site has.
func (m *Mux) IsBelowSites(path string) bool {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if !strings.HasPrefix(path, "/") {
		return false
	}
	r := &http.Request{URL: &url.URL{Path: path}}
	for _, r.Method = range []string{http.MethodGet, http.MethodPost} {
		if _, pattern := m.mux.Handler(r); pattern != "" {
			return m.below[pattern]
		}
	}
	return false
}

// addresses are the attributes that lead to another page of the dashboard.
var addresses = []string{"href", "action", "formaction", "data-preview", "data-check", "data-stream", "data-leave"}

// located returns what a template has made with its addresses as they are at the visitor's
// site: templates and handlers name all pages by their paths at the default one.
//
// It looks for a quotation mark before a path. In what templates put in, those are
// escaped, so only a template's own attributes begin like that.
func (v *Visitor) located(page []byte) []byte {
	if v == nil || v.prefix == "" {
		return page
	}
	const begin = `="/`
	out := make([]byte, 0, len(page)+len(page)/8)
	for {
		at := bytes.Index(page, []byte(begin))
		if at < 0 {
			return append(out, page...)
		}
		name := page[bytes.LastIndexAny(page[:at], " \n")+1 : at]
		path := page[at+len(begin)-1:]
		path = path[:max(0, bytes.IndexByte(path, '"'))]
		out = append(out, page[:at+len(begin)-1]...)
		if slices.Contains(addresses, string(name)) {
			out = append(out, strings.TrimSuffix(v.To(string(path)), string(path))...)
		}
		page = page[at+len(begin)-1:]
	}
}

// Redirect answers a form with another page of the visitor's site (POST, redirect, GET).
func Redirect(w http.ResponseWriter, r *http.Request, who Visitor, path string) error {
	http.Redirect(w, r, who.To(path), http.StatusSeeOther)
	return nil
}

// A SiteHandler is a handler of a page that has been made for a site.
type SiteHandler[P any] func(page P, w http.ResponseWriter, r *http.Request, who Visitor) error

// At runs a page's handler on the page as it is at the visitor's site.
func At[P any](page func(control.Place) P, h SiteHandler[P]) VisitorHandler {
	return func(w http.ResponseWriter, r *http.Request, who Visitor) error {
		return h(page(who.Site), w, r, who)
	}
}
