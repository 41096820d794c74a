package portable

import (
	"strings"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// readNginxMap reads nginx's map of origins, with or without the block around it:
// exact strings, and the regular expressions that are plainly a list of names.
func readNginxMap(l *list, text []byte) {
	m := nginxMap{list: l}
	l.eachDirective(text, m.directive)
	m.checkRefused()
}

// A directive is what stands before a semicolon or a brace.
type directive struct {
	line  int
	words []string
	end   byte // ; { or }
}

// nginxMap is a map that is being read.
type nginxMap struct {
	*list
	refused []directive // exact origins that are not to be trusted
}

func (m *nginxMap) directive(d directive) {
	switch {
	case d.end == '}' && len(d.words) == 0:
	case d.end == '{':
		m.opening(d)
	case d.end == 0:
		m.refuse(d.line, "the semicolon behind %s is missing", shown(strings.Join(d.words, " ")))
	case len(d.words) == 1 && d.words[0] == "volatile":
	case len(d.words) != 2 || d.words[0] == "include":
		m.refuse(d.line, "%s cannot be translated; each line is an origin, its value and a semicolon", shown(strings.Join(d.words, " ")))
	default:
		m.pair(d, d.words[0], isTruth(d.words[1]))
	}
}

// opening is the beginning of the map's block.
func (m *nginxMap) opening(d directive) {
	switch {
	case len(d.words) != 3 || d.words[0] != "map":
		m.refuse(d.line, "%s is no map; copy the block that begins map $http_origin", shown(strings.Join(d.words, " ")))
	case d.words[1] != "$http_origin":
		m.refuse(d.line, "this map looks at %s and not at $http_origin", shown(d.words[1]))
	}
}

// isTruth reports whether nginx's if takes a value for true.
func isTruth(value string) bool { return value != "" && value != "0" }

// pair is one line of the map.
func (m *nginxMap) pair(d directive, key string, trusted bool) {
	pattern, isPattern := strings.CutPrefix(key, "~")
	switch {
	case key == "default" && trusted:
		m.refuse(d.line, "the default trusts every origin; name those that are to be trusted")
	case key == "default", key == "" && !trusted:
	case isPattern && !trusted:
		m.refuse(d.line, "what a regular expression refuses cannot be translated; take the line out if no other line trusts it")
	case isPattern:
		m.addPattern(d.line, key, pattern)
	case !trusted && len(m.refused) == MaxEntries:
		m.fill(d.line)
	case !trusted:
		m.refused = append(m.refused, d)
	case !strings.HasPrefix(strings.ToLower(key), "http://") && !strings.HasPrefix(strings.ToLower(key), "https://"):
		m.refuse(d.line, "%s is no origin, which begins with https://", shown(key))
	default:
		m.add(Entry{Line: d.line, Typed: key, Domain: key})
	}
}

// checkRefused sees to it that no wildcard trusts what the map refuses by name.
func (m *nginxMap) checkRefused() {
	trusted := m.trusted()
	for _, d := range m.refused {
		origin, err := trust.ParseOrigin(strings.ToLower(d.words[0]))
		if err != nil {
			continue // no browser sends it
		}
		m.note(d.line, "%s is left out: it is not trusted there", origin)
		if found := trusted.Match(origin, time.Time{}); found != nil {
			e := m.entries[found.ID]
			m.refuse(d.line, "%s is refused there, and %s (line %d) would trust it here: name the origins one by one", origin, e.Domain, e.Line)
		}
	}
}

// trusted is what the entries trust. Their IDs say which of them it is.
func (m *nginxMap) trusted() *trust.Set {
	var all []trust.Entry
	if len(m.refused) > 0 {
		for i, e := range m.entries {
			if domain, err := trust.ParseDomain(e.Domain); err == nil {
				all = append(all, trust.Entry{ID: int64(i), Domain: domain})
			}
		}
	}
	return trust.NewSet(all)
}
