package gate

import (
	"slices"
	"strings"
)

// A Header is a message's fields by canonical name, as http.Header is.
type Header = map[string][]string

// cdnFields steer caches between the gateway and the page, past Cache-Control. A
// response to a token in a URL is not for them.
var cdnFields = []string{"Surrogate-Control", "Surrogate-Key", "Edge-Control", "X-Accel-Expires", "X-Litespeed-Cache-Control"}

// cdnCacheControl is the end of the names of those that are spelled after RFC 9213,
// with or without the name of a network before it.
const cdnCacheControl = "Cdn-Cache-Control"

// corsFields are the fields of CORS and of the drafts around it that a response can
// have.
var corsFields = []string{
	"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
	"Access-Control-Expose-Headers", "Access-Control-Allow-Methods",
	"Access-Control-Allow-Headers", "Access-Control-Max-Age",
	"Access-Control-Allow-Private-Network", "Access-Control-Allow-Local-Network",
}

// Apply makes the edits in a response's fields, in place (rules 2, 9 and 11), and
// adds Vary: Origin whatever they are.
func (r ResponseEdits) Apply(h Header) {
	if r.Replace {
		for _, name := range corsFields {
			delete(h, name)
		}
	}
	block := &[...]string{r.AllowOrigin, r.Expose, "true", "Origin"} // all values in one allocation
	if r.AllowOrigin != "" {
		h["Access-Control-Allow-Origin"] = block[0:1:1]
		if r.Expose != "" {
			h["Access-Control-Expose-Headers"] = block[1:2:2]
		}
		if r.Credentials {
			h["Access-Control-Allow-Credentials"] = block[2:3:3]
		}
	}
	if h["Vary"] == nil {
		h["Vary"] = block[3:4:4]
	} else {
		AddVary(h, "Origin")
	}
	if r.Unwrapped {
		makePrivate(h)
	}
}

// makePrivate is what rules 2 and 9 ask of the response to an unwrapped request.
func makePrivate(h Header) {
	delete(h, "Set-Cookie")
	for _, name := range cdnFields {
		delete(h, name)
	}
	for name := range h {
		if strings.HasSuffix(name, cdnCacheControl) {
			delete(h, name)
		}
	}
	block := &[...]string{privateCacheControl(h["Cache-Control"]), "no-referrer", "nosniff"} // as in Apply
	h["Cache-Control"] = block[0:1:1]
	h["Referrer-Policy"] = block[1:2:2]
	h["X-Content-Type-Options"] = block[2:3:3]
}

// privateCacheControl makes directives at least private (RFC 9111, section 5.2.2):
// what lets shared caches keep the response goes, and private comes unless
// something stricter is there.
func privateCacheControl(fields []string) string {
	if len(fields) == 0 {
		return "private"
	}
	kept, strict := []string{}, false
	for _, directive := range directives(fields) {
		name, _, qualified := strings.Cut(directive, "=")
		switch strings.ToLower(name) {
		case "public", "s-maxage":
			continue
		case "private", "no-store":
			if qualified { // private="field" leaves the rest of the response to shared caches
				continue
			}
			strict = true
		}
		kept = append(kept, directive)
	}
	if !strict {
		kept = slices.Insert(kept, 0, "private")
	}
	return strings.Join(kept, ", ")
}

// AddVary adds field names to Vary, but those that are there already, and leaves a
// Vary: * as it is.
func AddVary(h Header, names ...string) {
	fields := h["Vary"]
	for _, name := range names {
		if !listHas(fields, name) && !listHas(fields, "*") {
			fields = append(fields[:len(fields):len(fields)], name)
		}
	}
	h["Vary"] = fields
}

// listHas reports whether a name is in the comma-separated lists of several fields.
func listHas(fields []string, name string) bool {
	for _, list := range fields {
		for list != "" {
			var item string
			item, list, _ = strings.Cut(list, ",")
			if strings.EqualFold(strings.Trim(item, " \t"), name) {
				return true
			}
		}
	}
	return false
}
