package inspect

import (
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
)

// answerFields are the fields of an answer whose values are kept, in the order in which
// they are shown. None of them is ever a secret.
var answerFields = [...]string{
	"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers",
	"Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age", "Vary",
}

// What the request or the upstream has a part in.
const (
	allowHeaders = 4
	vary         = 6
)

// writeAnswer writes those fields of the answer, where the request was one of CORS.
func (o *Observation) writeAnswer(s *slot) {
	defer s.end()
	if o.Origin == "" {
		return
	}
	var found [len(answerFields)][]string
	for name, values := range o.Answer {
		if i := answerField(name); i >= 0 {
			found[i] = values
		}
	}
	first := true
	for i, values := range found {
		for _, value := range values {
			s.addField(first, i, o.cleanAnswer(i, limited(value, maxAnswer)))
			first = false
		}
	}
}

// cleanAnswer returns the value of an answer's field without what looks like a token.
// What is the gateway's own, from the site's policy, cannot have any.
func (o *Observation) cleanAnswer(field int, value string) string {
	ours := o.Judged && (o.Verdict == gate.Trusted || o.Verdict == gate.Own)
	if ours && field != allowHeaders && field != vary {
		return value
	}
	return clean(value)
}

// answerField is where a field stands among the answerFields, or -1.
func answerField(name string) int {
	if name != "Vary" && !strings.HasPrefix(name, "Access-Control-") {
		return -1
	}
	for i, known := range answerFields {
		if name == known {
			return i
		}
	}
	return -1
}

// addField adds a line of a name, by its number, and a value to the text that is being
// written. A value that is too long is cut.
func (s *slot) addField(first bool, name int, value string) {
	if s.room(maxAnswer) < len("\n0")+len(Ellipsis) {
		return
	}
	if !first {
		s.text[s.used] = '\n'
		s.used++
	}
	s.text[s.used] = '0' + byte(name)
	s.used++
	s.add(value, maxAnswer)
}

// answer is writeAnswer's counterpart.
func answer(text string) []Field {
	var all []Field
	for _, line := range lines(text) {
		all = append(all, Field{answerFields[line[0]-'0'], line[1:]})
	}
	return all
}
