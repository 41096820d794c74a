package gate

import (
	"slices"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// Here are short cuts for the requests that most are: an origin is to be judged, and
// nothing else could be changed. They say what [Judge] and [Plan] would, or that
// they are not sure; a test holds them to it.

// JudgePlainly judges a request that has one Origin, no query, no token and no
// cookie, and is no preflight. Where it is sure, the request is carried as it is
// unless there is a problem.
func (s *Site) JudgePlainly(method, origin string, now time.Time) (p *Problem, sure bool) {
	if !s.plain {
		return nil, false
	}
	code, sure := s.judgeOriginPlainly(origin, now)
	if code == "" && sure && !slices.Contains(s.policy.Methods, method) {
		code = MethodNotAllowed
	}
	return problemOrNil(code), sure
}

// PreflightPlainly judges a preflight with one Origin.
func (s *Site) PreflightPlainly(f *Facts) (answer Preflight, p *Problem, sure bool) {
	if !s.plain {
		return Preflight{}, nil, false
	}
	code, sure := s.judgeOriginPlainly(f.Origin, f.Now)
	if code == "" && sure {
		answer, code = s.preflight(f)
	}
	return answer, problemOrNil(code), sure
}

// judgeOriginPlainly is [Judge] without own origins, about which it is not sure.
func (s *Site) judgeOriginPlainly(origin string, now time.Time) (code Code, sure bool) {
	for i := range s.own {
		if s.own[i].String() == origin {
			return "", false
		}
	}
	entry, reason := s.trusted.MatchHeader(origin, now)
	switch {
	case entry != nil:
		return "", true
	case reason == "":
		return OriginNotTrusted, true
	case reason == trust.OriginNull:
		return "", false // the own pages of a no-referrer site have it, too
	}
	return OriginMalformed, true
}

func problemOrNil(code Code) *Problem {
	if code == "" {
		return nil
	}
	return problems[code]
}

// CORS reports whether a trusted page may read the problem: it is about something
// else than the origin.
func (p *Problem) CORS() bool {
	return p.Code != OriginNotTrusted && p.Code != OriginMalformed && p.Code != OriginNull
}

// Exposed returns the value of Access-Control-Expose-Headers for trusted origins.
func (s *Site) Exposed() string { return s.expose }
