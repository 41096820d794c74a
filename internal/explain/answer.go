package explain

import "github.com/crossgate/crossgate/preflight"

// answer judges who may read the answer to the request itself (Fetch standard, "HTTP
// fetch").
func (w *walker) answer(r *Response) {
	switch {
	case r == nil:
		w.missing = true
	case r.Failure != "":
		w.find(AnswerFailed, shownValue(r.Failure))
	case r.Status == 407 && w.engine == preflight.Chromium:
		w.find(ProxyStatus, statusLine(r))
	case w.tainting == TypeOpaque:
		w.resourcePolicy(r)
	case !w.isCORS():
	case isRedirect(r) && !r.has(allowOrigin):
		w.find(RedirectHidden, statusLine(r)+"; "+w.locationLine(r)+"; "+r.line(allowOrigin), r.Status)
	case r.Status >= 400 && !r.has(allowOrigin):
		w.find(ErrorHidden, statusLine(r)+"; "+r.line(allowOrigin), r.Status)
	default:
		w.corsCheck(r)
	}
}

// end gives the verdict where nothing has failed, and says what the script sees.
func (w *walker) end(last *Response) {
	w.step = StepScript
	switch {
	case w.verdict.Outcome == Blocked:
		w.sees.Type = TypeError
	case w.missing || last == nil:
		w.verdict = Verdict{Outcome: Unknown}
	case w.verdict.Outcome == Opaque:
		w.sees.Type = TypeOpaque
		if w.verdict.Code == RedirectOpaque {
			w.sees.Type = TypeOpaqueRedirect
		}
	default:
		w.verdict.Outcome = Readable
		w.see(last)
	}
}
