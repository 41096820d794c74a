package shell

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// MaxForm is the largest form that is read, in bytes as sent: some thousands of
// pasted domains.
const MaxForm = 256 << 10

// Form reads a posted form of at most limit bytes. The error is a [*Problem] or
// becomes one.
func Form(w http.ResponseWriter, r *http.Request, limit int64) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if err := r.ParseForm(); err != nil {
		if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
			return nil, err
		}
		return nil, badForm
	}
	return r.PostForm, nil
}

// LocalPath returns p where it is a path of this dashboard, with its query, and
// otherwise instead: after signing in nobody is sent to another site.
func LocalPath(p, instead string) string {
	// Browsers take a backslash for a slash, and drop tabs and line breaks.
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsFunc(p, isUnfitForPath) {
		return instead
	}
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return instead
	}
	return p
}

func isUnfitForPath(c rune) bool { return c <= ' ' || c == '\\' || c >= 0x7f }
