package inspector

import "sync"

// How many live views may be open: browsers that speak HTTP/1.1 have six connections
// to a server, and the other pages need some of them.
const (
	maxStreams          = 64 // in all
	maxStreamsOfSession = 4  // of one session
)

// streams counts the live views that are open.
type streams struct {
	mu        sync.Mutex
	all       int
	bySession map[string]int // by the session's id; none with 0
}

// enter takes a place for a view of a session, or reports that none is free. Whoever
// has one gives it back with leave.
func (s *streams) enter(session string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= maxStreams || s.bySession[session] >= maxStreamsOfSession {
		return false
	}
	if s.bySession == nil {
		s.bySession = make(map[string]int)
	}
	s.all++
	s.bySession[session]++
	return true
}

func (s *streams) leave(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.bySession[session]--; s.bySession[session] == 0 {
		delete(s.bySession, session)
	}
}
