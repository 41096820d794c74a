package gateway

import (
	"net/url"
	"strings"
)

func (x *exchange) mapLocations(locations []string) {
	for i, l := range locations {
		locations[i] = x.publicLocation(l)
	}
}

// publicLocation turns a Location that names an upstream of the site into one that names
// the public origin; another stays as it is.
func (x *exchange) publicLocation(location string) string {
	upstream := x.target
	to, err := url.Parse(location)
	if err != nil || to.Opaque != "" {
		return location
	}
	rest := location
	switch {
	case to.Host != "":
		if to.Scheme == "" {
			to.Scheme = upstream.Scheme
		}
		if upstream = x.upstreamAt(to); upstream == nil {
			return location
		}
		rest = afterAuthority(location)
	case !strings.HasPrefix(location, "/"):
		return location
	}
	path, ok := underBase(rest, basePath(upstream))
	switch {
	case !ok:
		return location
	case to.Host == "" && path == rest:
		return location
	}
	return x.publicOrigin() + path
}

// upstreamAt returns the upstream of the site that a URL names, or nil.
func (x *exchange) upstreamAt(to *url.URL) *url.URL {
	if sameServer(to, x.target) {
		return x.target
	}
	for _, u := range x.site.Upstreams {
		if sameServer(to, u) {
			return u
		}
	}
	return nil
}

// publicOrigin is the origin under which the browser knows the API.
func (x *exchange) publicOrigin() string {
	host := x.host()
	for _, o := range x.site.Gate.PublicURLs() {
		if strings.EqualFold(o.Authority(), host) {
			return o.String()
		}
	}
	return x.scheme() + "://" + host
}

// afterAuthority is what follows the authority of "scheme://authority…" or
// "//authority…", with a slash before it.
func afterAuthority(location string) string {
	_, rest, _ := strings.Cut(location, "//")
	i := strings.IndexAny(rest, "/?#")
	switch {
	case i < 0:
		return "/"
	case rest[i] != '/':
		return "/" + rest[i:]
	}
	return rest[i:]
}

// underBase takes the upstream's own path off a path, by whole segments.
func underBase(path, base string) (string, bool) {
	rest, ok := strings.CutPrefix(path, base)
	switch {
	case !ok:
		return "", false
	case rest == "" || rest[0] == '?' || rest[0] == '#':
		return "/" + rest, true
	}
	return rest, rest[0] == '/'
}

// sameServer compares scheme, host and port.
func sameServer(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "https"):
		return "443"
	}
	return "80"
}
