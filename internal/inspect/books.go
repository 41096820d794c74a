package inspect

import (
	"cmp"
	"slices"
	"time"
)

// books are the books of all sites that are counted. They belong to the settler.
type books struct {
	home   *book           // of the default site
	last   *book           // that was asked for last
	others map[int64]*book // MaxSites at most
	asked  uint64          // how often another one than the last was asked for
	full   bool            // there is no place, until something is written down
	crowd  chan struct{}   // has one since that is so
}

func newBooks() books {
	home := newBook(DefaultSite, ofDefault)
	home.widen(ofDefault, time.Time{})
	return books{home: home, last: home, others: make(map[int64]*book), crowd: make(chan struct{}, 1)}
}

// of returns a site's book; nil where there is no place for one.
func (s *books) of(site int64) *book {
	if s.last.site == site {
		return s.last
	}
	b := s.find(site)
	if b != nil {
		s.asked++
		b.used, s.last = s.asked, b
	}
	return b
}

// find returns a site's book, a new one where there is none and there is place.
func (s *books) find(site int64) *book {
	if site == DefaultSite {
		return s.home
	}
	if b := s.others[site]; b != nil {
		return b
	}
	if len(s.others) >= MaxSites && !s.makePlace() {
		return nil
	}
	b := newBook(site, ofOthers)
	s.others[site] = b
	return b
}

// makePlace drops the book that was asked for least lately, of those that are written
// down. It reports whether there was one.
func (s *books) makePlace() bool {
	if s.full {
		return false
	}
	var least *book
	for _, b := range s.others {
		if !b.fresh && !b.writing && (least == nil || b.used < least.used) {
			least = b
		}
	}
	if least == nil {
		s.full = true
		select {
		case s.crowd <- struct{}{}:
		default:
		}
		return false
	}
	delete(s.others, least.site)
	if s.last == least {
		s.last = s.home
	}
	return true
}

// look returns a site's book for somebody who looks at it. Where there is no place, it is
// one that is not counted in.
func (s *books) look(site int64, now time.Time) *book {
	b := s.find(site)
	if b == nil {
		b = newBook(site, ofLooked)
		b.widen(ofLooked, now)
		return b
	}
	s.asked++
	b.used, b.looked = s.asked, s.asked
	if !b.wide {
		s.narrowOne()
		b.widen(ofLooked, now)
	}
	b.drain()
	return b
}

// narrowOne sees to it that one more may be looked at.
func (s *books) narrowOne() {
	var least *book
	wide := 0
	for _, b := range s.others {
		if !b.wide {
			continue
		}
		wide++
		if least == nil || b.looked < least.looked {
			least = b
		}
	}
	if wide >= MaxLooked {
		least.narrow()
	}
}

// unwritten returns the books in which something may not be written down, by site. That of
// the default site is always among them.
func (s *books) unwritten() []*book {
	list := []*book{s.home}
	for _, b := range s.others {
		if b.fresh {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, func(a, b *book) int { return cmp.Compare(a.site, b.site) })
	return list
}
