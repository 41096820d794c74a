package gateway

import (
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
)

// screenFields counts the request's fields and drops those that only we, or a
// trusted proxy, may send.
func (x *exchange) screenFields() *gate.Problem {
	h, fields, bytes := x.r.Header, 0, 0
	noting := x.g.cfg.Inspect != nil && h["Origin"] != nil
	for name, values := range h {
		for _, v := range values {
			fields++
			bytes += len(name) + len(": ") + len(v) + len("\r\n")
		}
		x.ambient = x.ambient || (name != "Cookie" && gate.IsAmbient(name))
		switch classify(name) {
		case dropped:
			delete(h, name)
			continue
		case forwarding:
			x.forwarded = true
			if !x.proxied {
				delete(h, name)
				continue
			}
		case via:
			x.forwarded = true
		}
		if noting {
			x.noteName(name)
		}
	}
	if fields > MaxFields || bytes > MaxFieldBytes {
		return problemHeaders
	}
	return nil
}

type fieldClass uint8

const (
	ordinary   fieldClass = iota
	dropped               // never passed on
	forwarding            // says where a request came from: believed of trusted proxies alone
	via                   // passed on, but tells that somebody forwarded the request
)

// classify looks at a field's name, in net/http's canonical form.
func classify(name string) fieldClass {
	// CGI, and all that descends from it, turn "-" into "_": a name with "_" or
	// "." would pass for another one there.
	if strings.IndexByte(name, '_') >= 0 || strings.IndexByte(name, '.') >= 0 {
		return dropped
	}
	switch name[0] {
	case 'X':
		return classifyX(name)
	case 'C':
		switch {
		case strings.HasPrefix(name, "Crossgate-"):
			return dropped // identity: ours to say
		case name == "Client-Cert", name == "Client-Cert-Chain":
			return forwarding // RFC 9440, section 4
		}
	case 'F':
		if name == "Forwarded" {
			return forwarding
		}
	case 'H':
		if name == "Http2-Settings" {
			return dropped // belongs to an upgrade that we do not offer
		}
	case 'P':
		if name == "Proxy" {
			return dropped // CGI: becomes HTTP_PROXY
		}
	case 'V':
		if name == "Via" {
			return via
		}
	}
	return ordinary
}

func classifyX(name string) fieldClass {
	switch {
	case strings.HasPrefix(name, "X-Forwarded"), name == "X-Real-Ip":
		return forwarding
	case strings.HasPrefix(name, "X-Http-Method"), name == "X-Method-Override",
		name == "X-Original-Url", name == "X-Rewrite-Url":
		return dropped // would change the request after it was judged
	}
	return ordinary
}
