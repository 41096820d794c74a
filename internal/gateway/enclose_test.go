package gateway

import (
	"net/http"
	"net/url"
	"strings"
)

// The content types of envelopes, as pages send them.
const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data; boundary=b"
)

// form writes an urlencoded envelope of names and values in turn.
func form(fields ...string) string {
	var all []string
	for i := 0; i < len(fields); i += 2 {
		all = append(all, url.QueryEscape(fields[i])+"="+url.QueryEscape(fields[i+1]))
	}
	return strings.Join(all, "&")
}

// multipart writes a multipart envelope of the same fields: $ct becomes the type of $body.
func multipart(fields ...string) string {
	contentType := ""
	var b strings.Builder
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == "$ct" {
			contentType = "\r\nContent-Type: " + fields[i+1]
			continue
		}
		b.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + fields[i] + `"`)
		if fields[i] == "$body" {
			b.WriteString(contentType)
		}
		b.WriteString("\r\n\r\n" + fields[i+1] + "\r\n")
	}
	b.WriteString("--b--\r\n")
	return b.String()
}

// A wrapping is one way to write an envelope.
type wrapping struct {
	name        string
	contentType string
	write       func(fields ...string) string
}

var wrappings = []wrapping{{"form", formType, form}, {"multipart", multipartType, multipart}}

// enclose sends an envelope as a trusted page does.
func (r *rig) enclose(w wrapping, target string, fields ...string) *http.Response {
	r.t.Helper()
	return r.send("POST", target, w.write(fields...), "Origin", trustedOrigin, "Content-Type", w.contentType)
}
