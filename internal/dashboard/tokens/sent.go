package tokens

import (
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"sync"
)

// maxSentForms is how many forms are remembered: the latest, which are those that
// a browser could still send again.
const maxSentForms = 1000

// sentForms knows which forms have made a token. Each form carries a text of its
// own; loading the answer again sends the same one again.
type sentForms struct {
	mu    sync.Mutex
	known [][sha256.Size]byte // the oldest first; digests, for what is sent can be long
}

// newOnce makes the text of a new form.
func newOnce() string { return rand.Text() }

// begin reports whether a form is sent for the first time. A form without a text
// always is: no browser got it from here.
func (s *sentForms) begin(once string) bool {
	if once == "" {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	digest := sha256.Sum256([]byte(once))
	if slices.Contains(s.known, digest) {
		return false
	}
	if len(s.known) == maxSentForms {
		s.known = slices.Delete(s.known, 0, 1)
	}
	s.known = append(s.known, digest)
	return true
}

// forget lets a form that made nothing be sent again.
func (s *sentForms) forget(once string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	digest := sha256.Sum256([]byte(once))
	s.known = slices.DeleteFunc(s.known, func(k [sha256.Size]byte) bool { return k == digest })
}
