package trust

// With returns a set that has some entries put in, each in place of the one of the
// same Domain, and the entries of other domains taken out. The set itself stays as
// it is. What is both put in and taken out is in.
func (s *Set) With(put []Entry, out []Domain) *Set {
	without := make(map[Domain]bool, len(put)+len(out))
	for _, d := range out {
		without[d] = true
	}
	for i := range put {
		without[put[i].Domain] = true
	}
	var had []Entry
	if s != nil {
		had = s.entries
	}
	entries := make([]Entry, 0, len(had)+len(put))
	for i := range had {
		if !without[had[i].Domain] {
			entries = append(entries, had[i])
		}
	}
	return NewSet(append(entries, put...))
}
