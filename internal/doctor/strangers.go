package doctor

import (
	"net"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
)

// A stranger is an origin that a server should not take for the page's.
type stranger struct {
	name   string // of the step in a report
	origin string
	code   explain.FindingCode
	why    string // what an attacker needs for it; a sentence
	unless string // where this origin is let in, too, the stranger belongs to a family that is trusted as a whole
}

// The origins of no one: names below .example belong to nobody (RFC 2606).
const (
	unknownOrigin = "https://untrusted.example"
	evilHost      = "evil.example"
	otherPort     = "8443"
	evilLabel     = "evil"
)

var unknown = stranger{
	"stranger", unknownOrigin, explain.OriginReflected,
	"The server writes whatever Origin it is sent into Access-Control-Allow-Origin: pages of everybody are let in.", "",
}

var nobody = stranger{
	"null", "null", explain.NullAllowed,
	"Every page can make its origin null, with a sandboxed frame: whoever lets null in lets everybody in.", "",
}

// lookAlikes are origins that careless comparisons take for another one: by its
// beginning, by its end, by a pattern whose dots stand for anything, without its scheme
// or its port.
func lookAlikes(origin string) []stranger {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	var all []stranger
	add := func(name, scheme, host, port string, code explain.FindingCode, why string) {
		all = append(all, stranger{name, join(scheme, host, port), code, why, ""})
	}
	host, port := u.Hostname(), u.Port()
	if hasLabels(host) {
		add("look-alike-prefix", u.Scheme, host+"."+evilHost, port, explain.LookAlikeAllowed, "It only begins as the trusted origin does: anybody can have such a name.")
		base := registrable(host)
		add("look-alike-suffix", u.Scheme, evilLabel+base, port, explain.LookAlikeAllowed, "It only ends as the trusted origin does: anybody can have such a name.")
		if below, ok := strings.CutSuffix(host, "."+base); ok {
			add("look-alike-suffix", u.Scheme, evilLabel+host, port, explain.LookAlikeAllowed, "It only ends as the trusted origin does, and is another host.")
			all[len(all)-1].unless = join(u.Scheme, evilLabel+"."+base, port) // *.example.com
			add("look-alike-dot", u.Scheme, below+"x"+base, port, explain.LookAlikeAllowed, "A dot of the trusted origin stands for any character, as in a pattern: anybody can have such a name.")
		}
	}
	if u.Scheme == "https" {
		add("look-alike-scheme", "http", host, port, explain.InsecureAllowed, "It is not encrypted: whoever is on the way of a visitor can make a page of it.")
	}
	if port != otherPort {
		add("look-alike-port", u.Scheme, host, otherPort, explain.OtherPortAllowed, "At another port there may be another server, of somebody else.")
	}
	return all
}

func join(scheme, host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return scheme + "://" + host
}

// hasLabels reports whether a host is a name that others can have a likeness of.
func hasLabels(host string) bool {
	return net.ParseIP(host) == nil && strings.Contains(host, ".")
}
