package explain

import "strings"

// resourcePolicy judges an answer to a no-cors request, which may not even reach the page
// as an opaque one (Fetch standard, "cross-origin resource policy check").
func (w *walker) resourcePolicy(r *Response) {
	const name = "Cross-Origin-Resource-Policy"
	policy, ok := r.get(name)
	switch {
	case policy == "same-origin", policy == "same-site" && !w.isSameSite():
		w.find(ResourcePolicy, r.line(name))
	case policy != "same-site" && policy != "cross-origin" && w.call.Embedder == RequireCORP:
		w.find(ResourcePolicy, r.line(name)+"; the page's Cross-Origin-Embedder-Policy: require-corp")
	case !ok && isData(r):
		w.find(OpaqueBlocked, r.line("Content-Type"))
	}
}

// isData reports whether an answer is of a kind that no image, script or style is of.
func isData(r *Response) bool {
	kind, _ := r.get("Content-Type")
	essence, _, _ := strings.Cut(kind, ";")
	essence = strings.ToLower(strings.TrimSpace(essence))
	return essence == "text/html" || strings.HasSuffix(essence, "json") || strings.HasSuffix(essence, "xml") && essence != "image/svg+xml"
}
