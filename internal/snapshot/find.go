package snapshot

import (
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// Find returns the site of a request, by its host, as in the Host field, and its path as
// it came; among the sites of a host the one with the longest prefix. Where the site
// must not have the request the code says why, and the site is the one whose pages
// may read the answer. There must be a default site.
func (s *Snapshot) Find(host, path string) (*Site, gate.Code) {
	if s.Sites.Len() == 0 {
		return s.Default, s.Default.Gate.JudgeHost(host)
	}
	at, ok := s.Sites.host(host)
	if !ok {
		return s.Default, s.Default.Gate.JudgeHost(host)
	}
	site, otherCase := at.site(path)
	switch {
	case at.depth > 0 && (otherCase || !isPlain(path, at.depth)):
		if site == nil || site.Disabled {
			site = s.Default
		}
		return site, gate.PathAmbiguous
	case site == nil:
		if s.Default.Gate.JudgeHost(host) != "" {
			return s.Default, gate.PathUnknown
		}
		return s.Default, ""
	case site.Disabled:
		return s.Default, gate.HostUnknown
	}
	return site, site.Gate.JudgeHost(host)
}

// host finds what sites have of a host. The port may be written where it is the
// scheme's own; the site's rules look at that again, with the scheme.
func (t *Sites) host(name string) (*host, bool) {
	name = strings.ToLower(name) // browsers have done so: it costs no allocation
	if h, ok := t.hosts.Get(name); ok {
		return h, true
	}
	short, ok := strings.CutSuffix(name, ":443")
	if !ok {
		short, ok = strings.CutSuffix(name, ":80")
	}
	if !ok {
		return nil, false
	}
	return t.hosts.Get(short)
}

// site returns who has a path, or nil. To servers that do not tell capital letters from
// small ones it may be below another prefix, a longer one.
func (h *host) site(path string) (_ *Site, otherCase bool) {
	var ends [MaxPrefixSegments]int // of the first segments
	n := 0
	for i := 1; i <= len(path) && n < h.depth; i++ {
		if i == len(path) || path[i] == '/' {
			ends[n] = i
			n++
		}
	}
	for ; n > 0; n-- {
		begin := path[:ends[n-1]]
		if c, ok := h.paths.Get(begin); ok {
			return c[0], otherCase
		}
		if _, ok := h.cases.Get(strings.ToLower(begin)); ok { // which allocates for capital letters alone
			otherCase = true
		}
	}
	if h.root != nil {
		return h.root[0], otherCase
	}
	return nil, otherCase
}

// segments is how many segments a prefix has.
func segments(prefix string) int { return strings.Count(prefix, "/") }

// isPlain reports whether every server finds the same prefix in a path, its case apart: it
// is plain, and in the segments that prefixes are made of nothing is percent-encoded that
// need not be: "/%762" is "/v2" to most.
func isPlain(path string, depth int) bool {
	if !token.IsPlainPath(path) {
		return false
	}
	for i := 1; i < len(path) && depth > 0; i++ {
		switch path[i] {
		case '/':
			depth--
		case '%':
			if isUnreserved(unhex(path[i+1])<<4 | unhex(path[i+2])) { // IsPlainPath has seen two digits
				return false
			}
		}
	}
	return true
}

func isUnreserved(c byte) bool { return strings.IndexByte(unreserved, c) >= 0 }

// unhex is the value of a hexadecimal digit.
func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
