package e2e

import (
	"slices"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// ways are the servers that redirects lead over.
var ways = [][]string{
	{"first", "first"},
	{"first", "second"},
	{"home", "first"},
	{"first", "home"},
	{"home", "home"},
	{"home", "first", "second"},
	{"home", "first", "home"},
	{"home", "home", "first"},
	{"first", "first", "second"},
	{"first", "second", "first"},
	{"first", "home", "first"},
	{"home", "first", "first"},
}

// redirectActs follow redirects, within an origin and out of it, with the headers that
// they need and without.
func redirectActs() (all []act) {
	for _, way := range ways {
		for _, request := range []preflight.Request{get, put, foo, fetching("POST", "string"), asking("POST", "form")} {
			all = append(all, following(request, 302, way, false), following(request, 307, way, false))
		}
		for _, credentials := range wants {
			all = append(all, following(get, 301, way, credentials).allowing("null"), following(get, 301, way, credentials).allowing("*"), following(put, 308, way, credentials).allowing("null"))
		}
		last := following(get, 303, way, false)
		last.Stops[len(way)-1].Response = answering(200)
		first := following(get, 303, way, false)
		first.Stops[0].Response = answering(302, of("Location", "{next}"))
		all = append(all, last, first, following(asking("GET", "none"), 303, way, false).allowing("*"), following(fetching("POST", "string"), 303, way, true), following(uncors("GET", "none"), 302, way, false))
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, request := range []preflight.Request{
			get, put, fetching("POST", "string"), fetching("HEAD", "none"), fetching("DELETE", "none"), fetching("patch", "string"), asking("PUT", "string"),
			fetching("POST", "string", listed(lines{{"Content-Type", "application/json"}})...), fetching("GET", "none", listed(lines{{"Authorization", "x"}})...),
		} {
			for _, way := range [][]string{{"first", "first"}, {"first", "second"}, {"home", "first"}} {
				all = append(all, following(request, status, way, false).allowing("*"))
			}
		}
		for _, mode := range []explain.RedirectMode{explain.RedirectError, explain.RedirectManual} {
			for _, request := range []preflight.Request{get, put, uncors("GET", "none")} {
				s := following(request, status, []string{"first", "first"}, false)
				s.Redirect = mode
				nowhere := answering(status, shared(false))
				all = append(all, s, s.spoilt(nil, &nowhere))
			}
		}
	}
	return slices.Concat(all, userActs(), locationActs(), longActs())
}

// following is an act of redirects along a way, each with the headers that it needs as
// long as the origin is the page's own.
func following(request preflight.Request, status int, way []string, credentials bool) act {
	s := act{Request: request, Credentials: credentials}
	for i, at := range way {
		here := stop{At: at, Preflight: granting(credentials), Response: answering(status, of("Location", "{next}"), shared(credentials))}
		if i == len(way)-1 {
			here.Response = answering(200, shared(credentials))
		}
		s.Stops = append(s.Stops, here)
	}
	return s
}

// allowing lets another origin read than the page's own, from the second stop on.
func (s act) allowing(origin string) act {
	for i := 1; i < len(s.Stops); i++ {
		at := &s.Stops[i]
		at.Preflight.Header, at.Response.Header = withOrigin(at.Preflight.Header, origin), withOrigin(at.Response.Header, origin)
	}
	return s
}

func withOrigin(headers lines, origin string) (all lines) {
	for _, h := range headers {
		if h[0] == acao {
			h[1] = origin
		}
		all = append(all, h)
	}
	return all
}

// userActs lead to addresses with a user in them.
func userActs() (all []act) {
	for _, way := range ways {
		for _, request := range []preflight.Request{get, uncors("GET", "none"), asking("GET", "none")} {
			s := following(request, 302, way, false).allowing("*")
			s.Stops[len(way)-1].User = "ada:secret@"
			all = append(all, s)
		}
		named := following(get, 302, way, false).allowing("*")
		named.Stops[1].User = "ada@"
		all = append(all, named)
	}
	return all
}

// locationActs have a Location that is missing, or that is none.
func locationActs() (all []act) {
	for _, values := range [][]string{
		{},
		{"{next}" + oddQuery},
		{"http://"},
		{"http://[::1"},
		{"data:text/plain,read"},
		{"javascript:0"},
		{"ftp://127.0.0.1/"},
		{"mailto:a@example.com"},
		{"about:blank"},
		{"blob:x"},
		{"http://127.0.0.1:1/"},
		{"http://127.0.0.1:99999/"},
		{"{next}", "{next}"},
		{"{next}", "{next}#other"},
		{"{next}#part"},
		{" {next} "},
		{"http:///nowhere"},
		{"unknown:x"},
	} {
		for _, way := range [][]string{{"first", "first"}, {"home", "home"}} {
			s := following(get, 302, way, false)
			s.Stops[0].Response = answering(302, of("Location", values...), shared(false))
			all = append(all, s)
		}
	}
	return all
}

// longActs follow as many redirects as browsers do, and one more.
func longActs() (all []act) {
	for _, redirects := range []int{explain.MaxRedirects - 1, explain.MaxRedirects, explain.MaxRedirects + 1} {
		all = append(all, following(get, 302, slices.Repeat([]string{"first"}, redirects+1), false))
	}
	return all
}
