package preflight

import "strings"

// A mimeType is a parsed MIME type (MIME Sniffing standard, section 4.1): its essence,
// and its parameters in order, all in bytes.
type mimeType struct {
	essence    string // in lower case
	parameters []parameter
}

type parameter struct{ name, value string }

// parseMIME parses a MIME type (MIME Sniffing standard, section 4.4).
func parseMIME(value string) (m mimeType, ok bool) {
	first, rest, _ := strings.Cut(strings.Trim(value, httpWhitespace), ";")
	kind, subtype, found := strings.Cut(first, "/")
	subtype = strings.TrimRight(subtype, httpWhitespace)
	if !found || !IsToken(kind) || !IsToken(subtype) {
		return m, false
	}
	m.essence = strings.ToLower(kind + "/" + subtype)
	for rest != "" {
		var p parameter
		p, rest = cutParameter(rest)
		if IsToken(p.name) && isQuotable(p.value) && p.name != "" && !m.has(p.name) {
			m.parameters = append(m.parameters, p)
		}
	}
	return m, true
}

// cutParameter takes one parameter off what follows a semicolon; its name is empty where
// it is not to be kept.
func cutParameter(s string) (p parameter, rest string) {
	s = strings.TrimLeft(s, httpWhitespace)
	end := strings.IndexAny(s, ";=")
	if end < 0 || s[end] == ';' {
		_, rest, _ = strings.Cut(s, ";")
		return parameter{}, rest
	}
	p.name, s = lowerASCII(s[:end]), s[end+1:]
	if strings.HasPrefix(s, `"`) {
		p.value, s = cutQuoted(s)
		_, rest, _ = strings.Cut(s, ";")
		return p, rest
	}
	p.value, rest, _ = strings.Cut(s, ";")
	p.value = strings.TrimRight(p.value, httpWhitespace)
	if p.value == "" {
		return parameter{}, rest
	}
	return p, rest
}

// cutQuoted takes a quoted string off the start (Fetch standard, section 2.2, "collect an
// HTTP quoted string").
func cutQuoted(s string) (value, rest string) {
	end := endOfQuoted(s, 0)
	if end >= len(s) {
		end = len(s)
		rest = ""
	} else {
		rest = s[end+1:]
	}
	var b strings.Builder
	for i := 1; i < end; i++ {
		if s[i] == '\\' && i+1 < end {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), rest
}

// isQuotable reports whether all of a value are HTTP quoted-string token code points
// (MIME Sniffing standard, section 4.1).
func isQuotable(value string) bool {
	for i := range len(value) {
		if c := value[i]; c != '\t' && c < ' ' || c == 0x7f {
			return false
		}
	}
	return true
}

func (m *mimeType) has(name string) bool {
	_, ok := m.parameter(name)
	return ok
}

func (m *mimeType) parameter(name string) (value *string, ok bool) {
	for i := range m.parameters {
		if m.parameters[i].name == name {
			return &m.parameters[i].value, true
		}
	}
	return nil, false
}

// String serializes a MIME type (MIME Sniffing standard, section 4.5).
func (m mimeType) String() string {
	var b strings.Builder
	b.WriteString(m.essence)
	for _, p := range m.parameters {
		b.WriteString(";" + p.name + "=")
		if IsToken(p.value) {
			b.WriteString(p.value)
			continue
		}
		b.WriteString(`"` + quoter.Replace(p.value) + `"`)
	}
	return b.String()
}

var quoter = strings.NewReplacer(`"`, `\"`, `\`, `\\`)
