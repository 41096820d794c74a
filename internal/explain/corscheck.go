package explain

import (
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/trust"
)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
)

// corsCheck notes why an answer may not be shared with the page (Fetch standard, "CORS
// check"), and reports whether it may.
func (w *walker) corsCheck(r *Response) bool {
	if code, values := w.originFault(r); code != "" {
		w.find(code, r.line(allowOrigin), values...)
		return false
	}
	if !w.call.Credentials {
		w.wildcardCredentials(r)
		return true
	}
	switch value, ok := w.credentialsOf(r); {
	case !ok:
		w.find(AllowCredentialsAbsent, r.line(allowCredentials))
		return false
	case value != "true":
		w.find(AllowCredentialsValue, r.line(allowCredentials))
		return false
	}
	return true
}

// wildcardCredentials: the two together are never of use (Fetch standard, "CORS protocol
// and credentials").
func (w *walker) wildcardCredentials(r *Response) {
	origin, _ := r.get(allowOrigin)
	credentials, _ := r.get(allowCredentials)
	if origin == "*" && credentials == "true" && w.step == StepAnswer {
		w.find(WildcardCredentials, r.line(allowOrigin)+"; "+r.line(allowCredentials))
	}
}

// credentialsOf returns Access-Control-Allow-Credentials. Firefox does not count lines
// without a value.
func (w *walker) credentialsOf(r *Response) (value string, ok bool) {
	if w.engine != preflight.Firefox {
		return r.get(allowCredentials)
	}
	all := slices.DeleteFunc(r.lines(allowCredentials), func(line string) bool { return line == "" })
	return strings.Join(all, ", "), r.has(allowCredentials)
}

// originFault says what is wrong with Access-Control-Allow-Origin, with the values for
// the finding's sentence; "" where nothing is.
func (w *walker) originFault(r *Response) (FindingCode, []any) {
	origin := w.origin()
	value, ok := r.get(allowOrigin)
	switch {
	case !ok:
		return AllowOriginMissing, nil
	case value == "*" && !w.call.Credentials, value == origin:
		return "", nil
	case value == "*":
		return AllowOriginWildcard, nil
	case len(r.lines(allowOrigin)) > 1:
		return AllowOriginDoubled, nil
	case strings.ContainsAny(value, ", "):
		return AllowOriginList, nil
	case origin == "null" && w.tainted:
		return RedirectNullOrigin, nil
	}
	return unequalOrigin(value, origin), []any{origin}
}

// unequalOrigin says in what a value of Access-Control-Allow-Origin differs from the
// origin that it should be: they are compared byte by byte.
func unequalOrigin(value, origin string) FindingCode {
	switch {
	case value == "null":
		return AllowOriginNull
	case strings.Contains(value, "*"):
		return AllowOriginPattern
	case strings.HasPrefix(value, origin+"/"):
		return AllowOriginSlash
	case strings.EqualFold(value, origin):
		return AllowOriginCase
	}
	got, err := trust.ParseOrigin(defaultPortless(value))
	want, err2 := trust.ParseOrigin(origin)
	switch {
	case err != nil:
		return AllowOriginInvalid
	case err2 != nil || got.Host() != want.Host():
		return AllowOriginMismatch
	case got.Scheme() != want.Scheme():
		return AllowOriginScheme
	}
	return AllowOriginPort
}

// defaultPortless takes out a port that browsers do not write.
func defaultPortless(origin string) string {
	if rest, ok := strings.CutSuffix(origin, ":443"); ok && strings.HasPrefix(origin, "https://") {
		return rest
	}
	if rest, ok := strings.CutSuffix(origin, ":80"); ok && strings.HasPrefix(origin, "http://") {
		return rest
	}
	return origin
}
