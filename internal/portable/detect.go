package portable

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Detect says which format a list seems to have. It never answers Vanilla, whose lists
// look as plain ones do and mean more: that is for a person to say.
func Detect(text []byte) Kind {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, byteOrderMark))
	switch {
	case beginsJSON.Match(text):
		return detectJSON(text)
	case isCSV(text):
		return CSV
	case isNginx.Match(text):
		return NginxMap
	}
	return Plain
}

var (
	beginsJSON = regexp.MustCompile(`^(\{|\[\s*[{"\]])`) // [::1] is an entry
	isNginx    = regexp.MustCompile(`(?m)^\s*(map\s+\$|default\s+\S+\s*;|~|"?https?://\S+\s+\S+\s*;)`)
)

// isCSV reports whether the first row has a column named domain, among others.
func isCSV(text []byte) bool {
	header, _, _ := strings.Cut(string(text), "\n")
	for cell := range strings.FieldsFuncSeq(strings.ToLower(header), func(r rune) bool { return r == ',' || r == ';' }) {
		if strings.Trim(cell, "\" \t\r") == "domain" {
			return true
		}
	}
	return false
}

// detectJSON tells the JSON formats apart by the keys of their objects. What is not
// JSON is reported as broken JSON.
func detectJSON(text []byte) Kind {
	var list []map[string]json.RawMessage
	if text[0] == '{' {
		text = slices.Concat([]byte("["), text, []byte("]"))
	}
	if json.Unmarshal(text, &list) != nil {
		return JSON
	}
	for _, object := range list {
		switch {
		case object["allowed_origins"] != nil, object["web_origins"] != nil, object["client_id"] != nil:
			return Auth0
		case object["origin"] != nil:
			return Okta
		}
	}
	return JSON
}

// Name reports which format a name is the name of.
func Name(name string) (kind Kind, ok bool) {
	kind = Kind(strings.ToLower(strings.TrimSpace(name)))
	return kind, slices.Contains(Kinds(), kind)
}
