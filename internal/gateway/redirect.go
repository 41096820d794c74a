package gateway

import (
	"io"
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/gate"
)

// follower follows redirects for unwrapped requests that can be asked again: the
// browser would lose the token, which stands in no header and no address of the
// redirect. It follows only to the same upstream.
type follower struct {
	first http.RoundTripper // chooses among upstreams
	next  http.RoundTripper // goes where it is sent
}

// RoundTrip sends the request, and where a redirect can be followed sends another.
func (f follower) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := f.first.RoundTrip(req)
	x := exchangeOf(req.Context())
	if err != nil || !x.edits.Unwrapped() || !isSafe(req.Method) {
		return res, err
	}
	req = res.Request // to the upstream that has answered
	for range MaxHops {
		to := x.hop(req, res)
		if to == nil {
			break
		}
		_, _ = io.CopyN(io.Discard, res.Body, RedirectBodyBytes) // what cannot be read need not be kept
		_ = res.Body.Close()
		again := *req
		again.URL = to
		req = &again
		if res, err = f.next.RoundTrip(req); err != nil {
			return nil, err
		}
	}
	return res, nil
}

// hop returns where a redirect leads, if it may be followed: to a path of the same
// upstream and the same site that the access token covers, too.
func (x *exchange) hop(req *http.Request, res *http.Response) *url.URL {
	location := only(res.Header["Location"])
	if !gate.IsRedirect(res.StatusCode) || location == "" || req.URL.Opaque != "" || req.Body != nil {
		return nil
	}
	to, err := req.URL.Parse(location)
	if err != nil || to.Opaque != "" || !sameServer(to, x.target) {
		return nil
	}
	path, ok := underBase(to.EscapedPath(), basePath(x.target))
	if !ok || !x.isOfSite(path) || !gate.MayFollow(&x.facts, x.verdict, &x.edits, path, to.RawQuery) {
		return nil
	}
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	return to
}

// isOfSite reports whether a path of the request's host is the request's own site's: sites
// with one upstream and a path each are told apart by it, and another one's rules are not
// known here.
func (x *exchange) isOfSite(path string) bool {
	current := x.g.cfg.Snapshot.Load()
	if current == nil || current.Default == nil {
		return false
	}
	site, code := current.Find(x.facts.Host, path)
	return code == "" && site.ID == x.site.ID
}

// checkRedirect refuses a redirect of an unwrapped request that a browser could not
// follow as it was meant, and gives every other one the public name.
func (x *exchange) checkRedirect(res *http.Response) *gate.Problem {
	status, code := x.edits.SettleRedirect(x.r.Method, res.StatusCode)
	if code != "" {
		return gate.ProblemOf(code)
	}
	res.StatusCode = status
	if location, ok := res.Header["Location"]; ok { // of a redirect, or of a 201, for example
		x.mapLocations(location)
	}
	return nil
}

func isSafe(method string) bool { return method == "GET" || method == "HEAD" }
