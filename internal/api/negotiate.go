package api

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// acceptable checks what a request says of its own form and of that of the answer.
func acceptable(r *http.Request, route Route) error {
	if !acceptsJSON(r.Header["Accept"]) && route.Needs != "" {
		return notAcceptable
	}
	if r.Header["If-Match"] != nil && (!route.Versioned || route.Method == http.MethodGet) {
		return ifMatchUnsupported
	}
	hasBody := r.ContentLength != 0 || r.Header["Content-Type"] != nil
	if hasBody && r.Method != http.MethodGet && r.Method != http.MethodHead && !isJSON(r.Header) {
		return notJSON
	}
	return nil
}

// acceptsJSON reports whether Accept allows JSON. Weights are not looked at, but for 0.
func acceptsJSON(accept []string) bool {
	if len(accept) == 0 {
		return true
	}
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if weight, err := strconv.ParseFloat(params["q"], 64); err == nil && weight == 0 {
			continue
		}
		switch kind {
		case "application/json", "application/problem+json", "application/*", "*/*":
			return true
		}
	}
	return false
}

// isJSON reports whether a body is declared as JSON in UTF-8, and not compressed.
func isJSON(h http.Header) bool {
	if len(h["Content-Type"]) != 1 || h["Content-Encoding"] != nil {
		return false
	}
	kind, params, err := mime.ParseMediaType(h["Content-Type"][0])
	charset := params["charset"]
	return err == nil && kind == "application/json" && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

// etag is a version as an entity tag (RFC 9110, section 8.8.3).
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// anyVersion is what If-Match: * and none stand for.
const anyVersion int64 = 0

// ifMatch returns the version that a change is for; given is false where the request
// names none. A tag that cannot be ours is one that does not match.
func (c *call) ifMatch() (version int64, given bool, err error) {
	values := c.Header["If-Match"]
	switch {
	case len(values) == 0:
		return anyVersion, false, nil
	case len(values) > 1:
		return 0, false, ifMatchMalformed
	case values[0] == "*":
		return anyVersion, true, nil
	}
	tag, opened := strings.CutPrefix(values[0], `"`)
	tag, closed := strings.CutSuffix(tag, `"`)
	if !opened || !closed || strings.ContainsAny(tag, `",`) {
		return 0, false, ifMatchMalformed
	}
	version, err = strconv.ParseInt(tag, 10, 64)
	if err != nil || version <= 0 || etag(version) != values[0] {
		return 0, false, changedMeanwhile
	}
	return version, true, nil
}
