package main

import (
	"errors"
	"flag"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

func (v *siteSet) flags(fs *flag.FlagSet) {
	set := func(name, usage string, read func(string) error) {
		fs.Func(name, usage, func(s string) error {
			v.given = true
			return read(s)
		})
	}
	v.described.flags(fs, "; replaces those that are set")
	fs.BoolVar(&v.on, "on", false, "serve the site again")
	fs.BoolVar(&v.off, "off", false, "stop serving the site, and keep it")
	set("credentials", "`on|off` pages of trusted https origins may send the visitor's cookies, and so act as the visitor", onOffTo(&v.in.Credentials))
	set("methods", "`LIST` methods that pages of trusted origins may use, as in GET,POST", v.methods)
	set("headers", "`any|LIST` request headers that they may send, as in Content-Type,X-Request-Id", v.headers)
	set("expose", "`all|none|LIST` response headers that they may read", v.expose)
	set("max-age", "`DURATION` how long browsers keep a preflight's answer, as in 2h; 0s: not at all", v.maxAge)
	set("query-token", "`full|read|off` which requests may carry a token in their URL, which others may log: all, GET and HEAD, none", textTo(&v.in.QueryCarrier))
	set("token-required", "`on|off` refuse whoever has no token", onOffTo(&v.in.TokenRequired))
	set("open-envelopes", "`on|off` let envelopes without a token change things and set headers, for an API that takes changes from anybody", onOffTo(&v.in.OpenEnvelopes))
	set("mode", "`enforce|observe` observe lets every page in: requests of untrusted origins are carried as they are, and named in the access log", textTo(&v.in.Mode))
	set("exempt", "`'METHOD PATH'` pages of any origin may call this path and what is below it (repeatable; replaces those that are set)", v.addExempt)
	fs.BoolVar(&v.noExempt, "no-exempt", false, "pages of untrusted origins may call no path")
	fs.BoolVar(&v.credential, "upstream-credential-stdin", false, "read from standard input what the API gets as Authorization, in place of a verified access token")
	fs.BoolVar(&v.noCredential, "no-upstream-credential", false, "the API gets no credential of Crossgate's")
}

func onOffTo(to **bool) func(string) error {
	return func(s string) error {
		if s != "on" && s != "off" {
			return errors.New("write on or off")
		}
		on := s == "on"
		*to = &on
		return nil
	}
}

// textTo keeps a word, which the control plane judges.
func textTo[T ~string](to **T) func(string) error {
	return func(s string) error {
		word := T(s)
		*to = &word
		return nil
	}
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func (v *siteSet) methods(s string) error {
	list := words(strings.ToUpper(s))
	v.in.Methods = &list
	return nil
}

func (v *siteSet) headers(s string) error {
	every, list := s == "any", []string{}
	if !every && s != "none" {
		list = words(s)
	}
	v.in.AnyHeader, v.in.Headers = &every, &list
	return nil
}

func (v *siteSet) expose(s string) error {
	var list []string // nil: all
	switch s {
	case "all":
	case "none":
		list = []string{}
	default:
		list = words(s)
	}
	v.in.Expose = &list
	return nil
}

func (v *siteSet) maxAge(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil {
		return errors.New("write a duration, as in 2h, 10m or 0s")
	}
	v.in.MaxAge = &d
	return nil
}

func (v *siteSet) addExempt(s string) error {
	method, path, _ := strings.Cut(strings.TrimSpace(s), " ")
	v.exempt = append(v.exempt, gate.ExemptPath{Method: strings.ToUpper(method), Path: strings.TrimSpace(path)})
	v.in.Exempt = &v.exempt
	return nil
}
