package gate

import "strings"

// directives splits the fields of a Cache-Control at the commas that stand outside
// of quotation marks (RFC 9111, section 5.2).
func directives(fields []string) []string {
	var all []string
	for _, field := range fields {
		for field != "" {
			end := directiveEnd(field)
			if d := strings.Trim(field[:end], " \t"); d != "" {
				all = append(all, d)
			}
			field = field[min(end+1, len(field)):]
		}
	}
	return all
}

// directiveEnd is where the first directive of a list ends: at a comma, or at the
// end of the list.
func directiveEnd(list string) int {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++ // whatever it escapes is no quotation mark
		case c == ',' && !quoted:
			return i
		}
	}
	return len(list)
}
