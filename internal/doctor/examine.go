package doctor

import "context"

// Examine makes the request of a question as a browser does, probes its server, and says
// what it has found. The error is a [*Failure] where the server cannot be reached, and a
// [*preflight.RequestError] where the request is none.
func Examine(ctx context.Context, q Question) (Report, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxTotal)
	defer cancel()
	q.Target = asBrowsersRead(q.Target)
	w := &wire{dialer: dialer{q.Roots}, by: map[string]int{}}
	k, err := walk(ctx, w, q)
	if err != nil {
		return Report{}, err
	}
	var p *prober
	if !q.NoProbes && len(k.sent) > 0 || k.unsent {
		p = probe(ctx, w, k)
	}
	return reportOn(k, p), nil
}
