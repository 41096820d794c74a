// Package explain answers the questions of a person whose page calls an API.
//
// [Explain] is asked before anything is sent: would a browser preflight this request, why,
// would this gateway allow it, and what to do. [JudgeCall] is asked when servers have
// answered, of this gateway or any other: does the script get the answer in each engine,
// what is the first thing that keeps it from that, what is wrong beside it, how is it
// mended, and what does the script see. Each [FindingCode] has a section in
// docs/reference/findings.md.
//
// What a browser does before it sends a request is in package preflight, and what the
// gateway allows is asked of the gate itself. The rules on answers are those of the Fetch
// standard; where Chromium and Firefox do something else it was measured, and for WebKit
// it was taken from its source. Values in, values out: no clock, no network. Nothing that
// comes out is the value of a cookie, a token, a query or a body.
package explain

import (
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/trust"
)

// A Question is about one request of a page.
type Question struct {
	Request preflight.Request
	Origin  string     // of the page, as browsers write it; "": not known
	Target  *url.URL   // what is called; nil: not known
	Site    *gate.Site // by whose list and policy it is judged; nil: by none
	Now     time.Time
}

// An Answer is all there is to say. Nothing in it is a value of a header, but those of
// Content-Type and Range, or a part of the target.
type Answer struct {
	preflight.Prediction
	SameOrigin bool     `json:"same_origin"` // page and API have one origin: there is no CORS
	Advice     []Advice `json:"advice"`      // the cheapest way first
	Gateway    *Gateway `json:"gateway,omitempty"`
}

// Explain answers. The error is a [*preflight.RequestError].
func Explain(q Question) (Answer, error) {
	same := q.isSameOrigin()
	if same && q.Request.Mode == preflight.ModeSameOrigin {
		q.Request.Mode = preflight.ModeCORS // the two are one where there is no other origin
	}
	p, err := preflight.Predict(q.Request)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Prediction: p, SameOrigin: same, Advice: []Advice{}}
	if same && a.Throws == "" {
		a.withoutCORS()
	}
	if q.Site != nil && q.Origin != "" && a.Throws == "" {
		a.Gateway = judge(q, a)
	}
	a.Advice = append(a.Advice, advise(q, a)...)
	return a, nil
}

// isSameOrigin reports whether the page is of the API's own origin.
func (q Question) isSameOrigin() bool {
	if q.Target == nil || q.Origin == "" {
		return false
	}
	o, err := trust.ParseOrigin(q.Origin)
	return err == nil && o.String() == originOf(q.Target)
}

// originOf is the origin of an address as browsers write it (HTML standard,
// "serialization of an origin").
func originOf(u *url.URL) string {
	origin := u.Scheme + "://" + u.Host
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		origin = u.Scheme + "://" + u.Host[:len(u.Host)-len(u.Port())-1]
	}
	return origin
}

// withoutCORS takes out what holds for other origins only.
func (a *Answer) withoutCORS() {
	a.Preflight, a.Because, a.RequestMethod, a.RequestHeaders = false, []preflight.Cause{}, "", ""
	a.Engines = []preflight.Difference{}
}
