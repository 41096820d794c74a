package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/crossgate/crossgate/trust"
)

//go:embed page.tmpl static
var files embed.FS

// clientPath is where the gateway has its client, the one script that is not the page's own.
const clientPath = "/.crossgate/client.js"

// PageConfig is what NewPage needs; everything is required.
type PageConfig struct {
	API       trust.Origin // the gateway, as pages call it
	Dashboard string       // the URL of the Trusted Domains page
	Trusted   trust.Origin // the page's own origin that is on the list
	Untrusted trust.Origin // the page's other origin, which is not
	Token     string       // an access token of Crossgate's
	APIToken  string       // the sample API's own token
	Gateway   *Wire        // what arrives at the gateway
	Upstream  *Wire        // what arrives at the API
}

// A page is the sample page, at its two origins.
type page struct {
	cfg      PageConfig
	template *template.Template
	mux      *http.ServeMux
}

// NewPage makes the handler of the sample page.
func NewPage(cfg PageConfig) (http.Handler, error) {
	if cfg.Gateway == nil || cfg.Upstream == nil || cfg.API.IsZero() || cfg.Trusted.IsZero() || cfg.Untrusted.IsZero() {
		return nil, errors.New("demo: the page's origins, the API's and both wires are required")
	}
	t, err := template.ParseFS(files, "page.tmpl")
	if err != nil {
		return nil, err
	}
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	p := &page{cfg: cfg, template: t, mux: http.NewServeMux()}
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET /wire/{call}", p.wire)
	p.mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	return p, nil
}

// ServeHTTP answers under the page's own two names alone: the page holds tokens, and
// a name that somebody else has pointed here must not show them (DNS rebinding).
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Host != p.cfg.Trusted.Authority() && r.Host != p.cfg.Untrusted.Authority() {
		http.Error(w, "The sample page is at "+p.cfg.Trusted.String(), http.StatusMisdirectedRequest)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+p.cfg.API.String()+clientPath+"; style-src 'self'; img-src 'self'; "+
		"connect-src 'self' "+p.cfg.API.String()+"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

// A view is what the template shows.
type view struct {
	PageConfig
	Origin    trust.Origin // of the page as it is looked at
	Other     trust.Origin
	IsTrusted bool // whether that is the origin that is on the list from the start
	Steps     []step
	MaxDelay  int64 // milliseconds
}

// A step is one of the calls that are made with plain fetch or through the client.
type step struct{ Name, Method, Text string }

var steps = []step{
	{"add", "POST", "Write a discussion"},
	{"read", "GET", "Read it"},
	{"rename", "PATCH", "Rename it, if it is still the same"},
	{"attach", "PUT", "Attach 32 KiB of random bytes"},
	{"remove", "DELETE", "Remove it"},
}

func (p *page) show(w http.ResponseWriter, r *http.Request) {
	v := view{
		PageConfig: p.cfg, Origin: p.cfg.Untrusted, Other: p.cfg.Trusted,
		Steps: steps, MaxDelay: MaxDelay.Milliseconds(),
	}
	if r.Host == p.cfg.Trusted.Authority() {
		v.Origin, v.Other, v.IsTrusted = p.cfg.Trusted, p.cfg.Untrusted, true
	}
	var b bytes.Buffer
	if err := p.template.Execute(&b, v); err != nil {
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // the client is gone, or it has it
}

// wire says what went over the wire for one call, before and behind the gateway.
func (p *page) wire(w http.ResponseWriter, r *http.Request) {
	call := r.PathValue("call")
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string][]Arrival{ // the client is gone, or it has it
		"gateway": p.cfg.Gateway.Arrivals(call),
		"api":     p.cfg.Upstream.Arrivals(call),
	})
}
