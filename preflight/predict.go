package preflight

import (
	"slices"
	"strings"
)

// A Prediction is what a browser does with a request to another origin.
type Prediction struct {
	Preflight bool    `json:"preflight"` // whether it sends one
	Because   []Cause `json:"because"`   // why it does, or why it throws
	// RequestMethod and RequestHeaders are exactly what the preflight has as
	// Access-Control-Request-Method and, where it is not empty,
	// Access-Control-Request-Headers. Both are empty without a preflight.
	RequestMethod  string    `json:"request_method"`
	RequestHeaders string    `json:"request_headers"`
	Throws         Exception `json:"throws"` // before anything is sent; "": nothing

	Method      string  `json:"method"`       // of the request itself; "" where it throws
	ContentType string  `json:"content_type"` // of the request itself; "": it has none
	Dropped     []Cause `json:"dropped"`      // what is left out of the request in silence

	Engines []Difference `json:"engines"` // where today's engines do something else
}

// A Difference is what an engine does that the standard does not say. Its fields are
// those of [Prediction].
type Difference struct {
	Engine         Engine      `json:"engine"`
	Preflight      bool        `json:"preflight"`
	RequestMethod  string      `json:"request_method"`
	RequestHeaders string      `json:"request_headers"`
	Throws         Exception   `json:"throws"`
	Quirks         []QuirkCode `json:"quirks"` // what makes the difference
	Detail         string      `json:"detail"` // a sentence for a person
}

// Predict says what a browser does with a request to another origin by the standard
// (Fetch standard, sections 4.1 and 5.4; XMLHttpRequest standard, section 3.5), and
// where engines differ from that. The error is a [*RequestError].
func Predict(r Request) (Prediction, error) {
	r, err := r.complete()
	if err != nil {
		return Prediction{}, err
	}
	p := predict(nil, r)
	for _, e := range Engines() {
		if d, ok := differ(e, r, p); ok {
			p.Engines = append(p.Engines, d)
		}
	}
	return p, nil
}

// PredictIn is [Predict] for one engine, with its quirks. The prediction has no Engines.
func PredictIn(e Engine, r Request) (Prediction, error) {
	r, err := r.complete()
	if err != nil {
		return Prediction{}, err
	}
	return predict(rulesOf(e), r), nil
}

// differ says what an engine does that is not in the prediction.
func differ(e Engine, r Request, p Prediction) (Difference, bool) {
	all := rulesOf(e)
	got := predict(all, r)
	if got.sends(p) {
		return Difference{}, false
	}
	d := Difference{
		Engine: e, Preflight: got.Preflight, RequestMethod: got.RequestMethod,
		RequestHeaders: got.RequestHeaders, Throws: got.Throws, Quirks: []QuirkCode{},
	}
	var details []string
	for _, q := range responsible(all, r, p, got) {
		d.Quirks = append(d.Quirks, q.Code)
		details = append(details, q.Detail)
	}
	d.Detail = engineNames[e] + " " + strings.Join(details, ", and ") + "."
	return d, true
}

// responsible finds the quirks that make the difference: each one by itself, or where
// none does, those that it does not come about without.
func responsible(all *rules, r Request, standard, got Prediction) []Quirk {
	var alone, needed []Quirk
	for _, q := range quirks {
		if !all.has(q.Code) {
			continue
		}
		if !predict(&rules{[]QuirkCode{q.Code}}, r).sends(standard) {
			alone = append(alone, q)
		}
		if !predict(all.without(q.Code), r).sends(got) {
			needed = append(needed, q)
		}
	}
	if len(alone) > 0 {
		return alone
	}
	return needed
}

var engineNames = map[Engine]string{Chromium: "Chromium", Firefox: "Firefox", WebKit: "WebKit"}

// sends reports whether two predictions show the same from outside.
func (p Prediction) sends(q Prediction) bool {
	return p.Preflight == q.Preflight && p.RequestMethod == q.RequestMethod &&
		p.RequestHeaders == q.RequestHeaders && p.Throws == q.Throws
}

// predict makes the request as far as its sending, by rules.
func predict(u *rules, r Request) Prediction {
	a := &attempt{rules: u, r: r}
	p := Prediction{Because: []Cause{}, Engines: []Difference{}}
	thrown := a.make()
	p.Dropped = append([]Cause{}, a.dropped...)
	if thrown != nil {
		p.Throws, p.Because = thrown.exception, []Cause{thrown.cause}
		return p
	}
	p.Method, p.ContentType = a.method, textOf(a.contentType())
	if r.Mode == ModeNoCORS {
		return p
	}
	causes, names := a.causes()
	if len(causes) > 0 {
		p.Preflight, p.Because = true, causes
		p.RequestMethod, p.RequestHeaders = a.method, strings.Join(names, ",")
	}
	return p
}

// causes says why the request needs a preflight, and with which header names (Fetch
// standard, section 4.1, the step on the use-CORS-preflight and unsafe-request flags).
func (a *attempt) causes() (causes []Cause, names []string) {
	if !isSafelistedMethod(a.method) {
		causes = append(causes, Cause{Code: Method, Detail: methodDetail(a.method)})
	}
	headers, names := a.unsafeHeaders()
	causes = append(causes, headers...)
	if a.listens() {
		causes = append(causes, Cause{Code: UploadListener, Detail: detailOf(UploadListener)})
	}
	if a.streams() {
		causes = append(causes, Cause{Code: StreamBody, Detail: detailOf(StreamBody)})
	}
	return causes, names
}

// unsafeHeaders is UnsafeNames with the causes, by rules.
func (a *attempt) unsafeHeaders() (causes []Cause, names []string) {
	size := 0
	for _, h := range a.judged() {
		code := a.rules.unsafe(h.Name, h.Value)
		if code == "" {
			size += len(h.Value)
			continue
		}
		causes, names = append(causes, causeOf(code, h)), append(names, lowerASCII(h.Name))
	}
	if size > MaxSafelistedValues && !a.rules.has(QuirkNoTotal) {
		for _, h := range a.judged() {
			if a.rules.unsafe(h.Name, h.Value) == "" {
				causes, names = append(causes, causeOf(HeadersLong, h)), append(names, lowerASCII(h.Name))
			}
		}
	}
	slices.SortStableFunc(causes, func(a, b Cause) int { return strings.Compare(a.Header, b.Header) })
	slices.Sort(names)
	if !a.rules.has(QuirkRepeated) {
		names = slices.Compact(names)
	}
	return slices.Compact(causes), names
}

func isSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}
