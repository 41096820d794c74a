package gate

import (
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// A Kind says how a request stands towards the list.
type Kind uint8

// The kinds of verdict. The zero one refuses.
const (
	Refused  Kind = iota // stopped here
	NoOrigin             // no CORS request: passes
	Own                  // from a page of the API's own origin: passes
	Trusted              // from a trusted origin: passes, with CORS headers
	Exempt               // from an untrusted origin, at an exempt path: carried as it is
	Observed             // from an untrusted origin, in observe mode: carried as it is, and counted
)

// A Verdict is what [Judge] says of a request's origin.
type Verdict struct {
	Kind   Kind
	Reason Code         // ReasonTrusted and so on; for Refused, Exempt and Observed an origin-* code
	Origin string       // what to answer as Access-Control-Allow-Origin: where Kind is Trusted
	Entry  *trust.Entry // the Trusted Domain that matched, or nil
}

// Judge decides on the origin alone: whether a request may come nearer at all.
func Judge(s *Site, f *Facts) Verdict {
	switch {
	case f.Origins == 0:
		return Verdict{Kind: NoOrigin, Reason: ReasonNoOrigin}
	case f.Origins > 1:
		return untrusted(s, f, OriginMalformed)
	}
	if v, ok := judgeOwn(s, f); ok {
		return v
	}
	entry, reason := s.trusted.MatchHeader(f.Origin, f.Now)
	switch {
	case entry != nil:
		return Verdict{Kind: Trusted, Reason: ReasonTrusted, Origin: f.Origin, Entry: entry}
	case reason == "":
		return untrusted(s, f, OriginNotTrusted)
	case reason == trust.OriginNull:
		return untrusted(s, f, OriginNull)
	}
	return untrusted(s, f, OriginMalformed)
}

// judgeOwn finds the API's own origins. Another public URL of the same API is
// trusted as its own, but is cross-origin to the browser.
func judgeOwn(s *Site, f *Facts) (Verdict, bool) {
	for _, o := range s.own {
		if f.Origin != o.String() {
			continue
		}
		if isAuthorityOf(f.Host, o) {
			return Verdict{Kind: Own, Reason: ReasonOwn}, true
		}
		return Verdict{Kind: Trusted, Reason: ReasonOwn, Origin: f.Origin}, true
	}
	if f.Origin == f.SocketOrigin.String() && f.Origin != "" {
		return Verdict{Kind: Own, Reason: ReasonOwn}, true
	}
	// The pages of a no-referrer site post to themselves with a null origin.
	if f.Origin == "null" && f.FetchSite == "same-origin" && len(s.own) > 0 && s.JudgeHost(f.Host) == "" {
		return Verdict{Kind: Own, Reason: ReasonOwn}, true
	}
	return Verdict{}, false
}

// untrusted refuses, unless the path is exempt or the site only observes.
func untrusted(s *Site, f *Facts, reason Code) Verdict {
	v := Verdict{Kind: Refused, Reason: reason}
	switch {
	case s.isExempt(f):
		v.Kind = Exempt
	case s.policy.Mode == Observe && !f.Upgrade:
		v.Kind = Observed
	}
	return v
}

// isExempt reports whether the request, or the one that a preflight asks about,
// is for an exempt path.
func (s *Site) isExempt(f *Facts) bool {
	if len(s.policy.Exempt) == 0 {
		return false
	}
	method := f.Method
	if f.IsPreflight() {
		method = f.RequestMethod
	}
	for _, e := range s.policy.Exempt {
		if e.Method == method && token.InScope(f.Path, e.Path) && token.IsPlainPath(f.Path) {
			return true
		}
	}
	return false
}
