package manifest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/trust"
)

// site reads one site.
func (r *reader) site(n *yaml.Node) control.DeclaredSite {
	d := control.DeclaredSite{Line: n.Line, Lines: make(map[string]int)}
	at := func(field string, read func(*yaml.Node)) func(*yaml.Node) {
		return func(n *yaml.Node) {
			d.Lines[field] = n.Line
			read(n)
		}
	}
	r.mapping(n, "a site", members{
		"name":        at("name", func(n *yaml.Node) { d.Name, _ = r.text(n) }),
		"addresses":   at("addresses", func(n *yaml.Node) { d.Addresses = r.lined(n, "addresses", d.Lines) }),
		"upstreams":   at("upstreams", func(n *yaml.Node) { d.Upstreams = r.lined(n, "upstreams", d.Lines) }),
		"health_path": at("health-path", func(n *yaml.Node) { d.HealthPath = given(r.text(n)) }),
		"enabled":     at("enabled", func(n *yaml.Node) { d.Enabled = given(r.truth(n)) }),
		"policy":      at("policy", func(n *yaml.Node) { d.Policy = r.policy(n, d.Lines) }),
		"domains":     at("domains", func(n *yaml.Node) { d.Domains = r.domains(n) }),
		"members":     at("members", func(n *yaml.Node) { d.Members = r.members(n) }),
	})
	return d
}

// given is nil where there is nothing.
func given[T any](value T, ok bool) *T {
	if !ok {
		return nil
	}
	return &value
}

// lined reads a list of texts, and notes the line of each.
func (r *reader) lined(n *yaml.Node, field string, at map[string]int) *[]string {
	list, lines := r.texts(n, field)
	for i, line := range lines {
		at[fmt.Sprintf("%s.%d", field, i)] = line
	}
	return &list
}

// policy reads a policy. What it leaves out has its default.
func (r *reader) policy(n *yaml.Node, lines map[string]int) *control.Policy {
	p := control.DefaultPolicy()
	at := func(field string, read func(*yaml.Node)) func(*yaml.Node) {
		return func(n *yaml.Node) {
			lines[field] = n.Line
			read(n)
		}
	}
	truth := func(to *bool) func(*yaml.Node) { return func(n *yaml.Node) { *to, _ = r.truth(n) } }
	r.mapping(n, "a policy", members{
		"mode":           at("mode", func(n *yaml.Node) { p.Mode = text[gate.Mode](r, n) }),
		"credentials":    at("credentials", truth(&p.Credentials)),
		"methods":        at("methods", func(n *yaml.Node) { p.Methods, _ = r.texts(n, "methods") }),
		"any_header":     at("headers", truth(&p.AnyHeader)),
		"headers":        at("headers", func(n *yaml.Node) { p.Headers, _ = r.texts(n, "headers") }),
		"max_age":        at("max-age", func(n *yaml.Node) { p.MaxAge = r.seconds(n) }),
		"expose":         at("expose", func(n *yaml.Node) { p.Expose = r.expose(n) }),
		"query_carrier":  at("query-carrier", func(n *yaml.Node) { p.QueryCarrier = text[gate.QueryCarrier](r, n) }),
		"token_required": at("token-required", truth(&p.TokenRequired)),
		"open_envelopes": at("open-envelopes", truth(&p.OpenEnvelopes)),
		"exempt":         at("exempt", func(n *yaml.Node) { p.Exempt = r.exempt(n) }),
	})
	return &p
}

func text[T ~string](r *reader, n *yaml.Node) T {
	s, _ := r.text(n)
	return T(s)
}

// seconds reads a time in whole seconds.
func (r *reader) seconds(n *yaml.Node) time.Duration {
	v, ok := r.whole(n)
	if ok && (v < 0 || v > int64(gate.MaxMaxAge/time.Second)) {
		r.flaw(n.Line, "max_age is in seconds, from 0 to %d", int64(gate.MaxMaxAge/time.Second))
		v = 0
	}
	return time.Duration(v) * time.Second
}

// expose reads the response headers that scripts may read; null is all of them.
func (r *reader) expose(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	list, _ := r.texts(n, "expose")
	return list
}

// exempt reads exempt paths, such as POST /saml.
func (r *reader) exempt(n *yaml.Node) []gate.ExemptPath {
	var list []gate.ExemptPath
	texts, _ := r.texts(n, "exempt")
	for _, text := range texts {
		method, path, _ := strings.Cut(strings.TrimSpace(text), " ")
		list = append(list, gate.ExemptPath{Method: strings.ToUpper(method), Path: strings.TrimSpace(path)})
	}
	return list
}

// domains reads a list of Trusted Domains: entries alone, or with what there is to say of
// them.
func (r *reader) domains(n *yaml.Node) *[]control.DeclaredDomain {
	list := []control.DeclaredDomain{}
	r.each(n, "domains", func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			if entry, ok := r.text(n); ok {
				list = append(list, control.DeclaredDomain{Entry: entry, Line: n.Line})
			}
			return
		}
		list = append(list, r.domain(n))
	})
	return &list
}

func (r *reader) domain(n *yaml.Node) control.DeclaredDomain {
	d := control.DeclaredDomain{Line: n.Line}
	r.mapping(n, "an entry", members{
		"entry":   func(n *yaml.Node) { d.Entry, _ = r.text(n) },
		"label":   func(n *yaml.Node) { d.Label, _ = r.text(n) },
		"expires": func(n *yaml.Node) { d.Expires = r.expiry(n) },
		"enabled": func(n *yaml.Node) {
			if on, ok := r.truth(n); ok {
				d.Off = !on
			}
		},
		"confirm": func(n *yaml.Node) { d.Confirm = r.confirm(n) },
		"reason":  func(n *yaml.Node) { d.Reason, _ = r.text(n) },
	})
	return d
}

// expiry reads a time or a day.
func (r *reader) expiry(n *yaml.Node) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, n.Value); err == nil && n.Kind == yaml.ScalarNode && !at.IsZero() {
			return at.UTC()
		}
	}
	r.wrongKind(n, "write a time as in 2027-01-31T12:00:00Z, or a day as in 2027-01-31; leave expires out for never")
	return time.Time{}
}

func (r *reader) confirm(n *yaml.Node) []trust.Confirmation {
	known := []trust.Confirmation{trust.ConfirmInsecure, trust.ConfirmPublicSuffix, trust.ConfirmLookAlike}
	var list []trust.Confirmation
	texts, lines := r.texts(n, "confirm")
	for i, text := range texts {
		if !slices.Contains(known, trust.Confirmation(text)) {
			r.flaw(lines[i], "there is no confirmation of that name; there are %s, %s and %s", known[0], known[1], known[2])
			continue
		}
		list = append(list, trust.Confirmation(text))
	}
	return list
}

// members reads the members of a site.
func (r *reader) members(n *yaml.Node) *[]control.DeclaredMember {
	list := []control.DeclaredMember{}
	r.each(n, "members", func(n *yaml.Node) {
		m := control.DeclaredMember{Line: n.Line}
		r.mapping(n, "a member", members{
			"name": func(n *yaml.Node) { m.Name, _ = r.text(n) },
			"role": func(n *yaml.Node) { m.Role = text[control.Role](r, n) },
		})
		list = append(list, m)
	})
	return &list
}
