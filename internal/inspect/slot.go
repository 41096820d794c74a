package inspect

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// The texts of an exchange, in the order in which they are kept.
const (
	textSite = iota
	textMethod
	textEffective
	textReason
	textToken
	textRequestMethod
	textRequestHeaders
	textHost
	textOrigin
	textPath
	textType
	textHeaders
	textAnswer
	textCount
)

// textBytes is what the texts of an exchange have together.
const textBytes = slotBytes - 88

// A slot holds one exchange, or none. It has no pointer in it: the garbage collector
// has nothing to follow, and nothing of a request is kept alive by it.
type slot struct {
	slotHead
	text [textBytes]byte
}

// A slotHead is what a slot has besides its texts.
type slotHead struct {
	id       ID
	joined   ID
	owner    int64 // the site
	time     int64 // Unix time in nanoseconds
	duration time.Duration
	domain   int64
	status   int16
	used     uint16            // of text
	ends     [textCount]uint16 // of each text
	texts    uint8             // how many there are so far

	outcome, verdict, scheme, carrier, mode, site uint8 // numbers in the lists of kinds.go
	preflight, query, cookie                      bool
}

// begin empties the slot for an exchange.
func (s *slot) begin(id ID, o *Observation) {
	s.id, s.joined, s.owner = id, 0, o.owner()
	s.time, s.duration = o.Time.UnixNano(), o.Duration
	s.domain, s.status = o.DomainID, int16(o.Status)
	s.preflight, s.query, s.cookie = o.Preflight, o.Query, o.Cookie
	s.outcome, s.verdict = o.outcome(), o.verdict()
	s.scheme, s.carrier = number(schemes[:], o.Scheme), number(carriers[:], o.Carrier)
	s.mode, s.site = number(fetchModes[:], o.FetchMode), number(fetchSites[:], o.FetchSite)
	s.used, s.texts = 0, 0
}

// room is how much more there can be of the text that is being written, which may have
// so many bytes.
func (s *slot) room(most int) int {
	start := 0
	if s.texts > 0 {
		start = int(s.ends[s.texts-1])
	}
	return min(start+most, textBytes) - int(s.used)
}

// put adds the next text.
func (s *slot) put(text string, most int) {
	if text != "" {
		s.add(text, most)
	}
	s.end()
}

// add adds to the text that is being written; end ends it.
func (s *slot) add(text string, most int) {
	if len(text) > most || len(text) > textBytes-int(s.used) {
		room := s.room(most)
		if room < len(Ellipsis) {
			return
		}
		text = shorten(text, room)
	}
	s.used += uint16(copy(s.text[s.used:], text))
}

func (s *slot) end() {
	s.ends[s.texts] = s.used
	s.texts++
}

// copyTo copies what the slot holds, and nothing of the room that is left in it.
func (s *slot) copyTo(to *slot) {
	to.slotHead = s.slotHead
	copy(to.text[:], s.text[:s.used])
}

// bytes returns a text, as long as the slot holds it.
func (s *slot) bytes(which int) []byte {
	start := uint16(0)
	if which > 0 {
		start = s.ends[which-1]
	}
	return s.text[start:s.ends[which]]
}

// get returns a copy of a text.
func (s *slot) get(which int) string { return string(s.bytes(which)) }

// ended is when the exchange ended.
func (s *slot) ended() time.Time { return time.Unix(0, s.time+int64(s.duration)) }

// exchange returns what the slot holds.
func (s *slot) exchange() Exchange {
	method, requested := s.get(textMethod), s.get(textRequestHeaders)
	return Exchange{
		ID: s.id, Joined: s.joined,
		Time: time.Unix(0, s.time).UTC(), Duration: s.duration,
		Site: s.get(textSite), Method: method, Effective: cmp.Or(s.get(textEffective), method),
		Scheme: schemes[s.scheme], Host: s.get(textHost), Path: s.get(textPath), Query: s.query, Carrier: carriers[s.carrier],
		Origin: s.get(textOrigin), Outcome: outcomes[s.outcome], Verdict: verdicts[s.verdict],
		Reason: gate.Code(s.get(textReason)), DomainID: s.domain, Token: s.get(textToken), Status: int(s.status),
		Preflight: s.preflight,
		Requested: Intended{Method: s.get(textRequestMethod), Headers: slices.Collect(requestedNames(requested))},
		Headers:   lines(s.get(textHeaders)), ContentType: s.get(textType), Cookie: s.cookie,
		FetchMode: fetchModes[s.mode], FetchSite: fetchSites[s.site],
		Answer: answer(s.get(textAnswer), s.get(textOrigin), requested),
	}
}

// lines are what stands between line ends, which no field's name or value has.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
