package shell

import (
	"net/url"
	"strconv"
	"strings"
)

// A Spot is where in a list the visitor is. Forms carry it, with the template
// "spot", so that a change leads back to where it was made.
type Spot struct {
	Path   string // of the list's page
	Search string
	Page   int // from 1
}

// SpotOf reads a spot from a query or a form. What is no page is the first one.
func SpotOf(path string, values url.Values) Spot {
	page, err := strconv.Atoi(values.Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	return Spot{Path: path, Search: values.Get("search"), Page: page}
}

// URL is the address of the spot.
func (s Spot) URL() string { return s.After(0) }

// Query is the spot as the end of another page's address: "" or "?…".
func (s Spot) Query() string { return strings.TrimPrefix(s.URL(), s.Path) }

// After is the address of the spot after a change, which is to be told there; 0
// is no change.
func (s Spot) After(change int64) string {
	if change <= 0 {
		return s.with("", "")
	}
	return s.with("change", strconv.FormatInt(change, 10))
}

// Telling is the address of the spot with a notice that its page has words for.
func (s Spot) Telling(notice string) string { return s.with("notice", notice) }

func (s Spot) with(name, value string) string {
	query := url.Values{}
	if s.Search != "" {
		query.Set("search", s.Search)
	}
	if s.Page > 1 {
		query.Set("page", strconv.Itoa(s.Page))
	}
	if value != "" {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return s.Path
	}
	return s.Path + "?" + query.Encode()
}

// At is the spot on another page of the list.
func (s Spot) At(page int) Spot {
	s.Page = page
	return s
}

// A Span is the part of a list that one page shows.
type Span struct {
	Total      int // rows that match the search
	From, To   int // of Total, from 1
	Prev, Next string
	Open       bool // there are more, and nobody has counted them
}

// SearchWithin is how many of the newest rows of a list a search looks through: what can
// be done while a page is waited for.
const SearchWithin = 200_000

// A Reach is how far a search of a list has looked.
type Reach struct {
	InAll   int // rows of the list
	Within  int // of which the newest were looked through
	Bounded bool
}

// ReachOf is how far a search has looked through a list of so many rows.
func ReachOf(search string, inAll func() (int, error)) Reach {
	if search == "" {
		return Reach{}
	}
	n, err := inAll()
	return Reach{InAll: n, Within: SearchWithin, Bounded: err == nil && n > SearchWithin}
}

// SpanAt is the part of a list at a spot, of pages of size rows, where shown rows
// are there and total match.
func SpanAt(at Spot, size, shown, total int) Span {
	first := (at.Page - 1) * size
	s := Span{Total: total, From: first + 1, To: first + shown}
	if at.Page > 1 {
		s.Prev = at.At(at.Page - 1).URL()
	}
	if s.To < total {
		s.Next = at.At(at.Page + 1).URL()
	}
	return s
}

// LastPage is the number of the last page of a list, from 1.
func LastPage(total, size int) int { return max(1, (total+size-1)/size) }
