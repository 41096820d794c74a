package security

import (
	"net/url"
	"strconv"
	"strings"
)

// A place is where in the list the visitor is. Forms carry it, so that a change
// leads back to where it was made.
type place struct {
	Search string
	Page   int // from 1
}

// placeOf reads a place from a query or a form. What is no page is the first one.
func placeOf(values url.Values) place {
	page, err := strconv.Atoi(values.Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	return place{Search: values.Get("search"), Page: page}
}

// URL is the address of the place.
func (p place) URL() string { return p.after(0) }

// Query is the place as the end of another page's address: "" or "?…".
func (p place) Query() string { return strings.TrimPrefix(p.URL(), Path) }

// after is the address of the place after a change, which is to be told there; 0
// is no change.
func (p place) after(change int64) string {
	query := url.Values{}
	if p.Search != "" {
		query.Set("search", p.Search)
	}
	if p.Page > 1 {
		query.Set("page", strconv.Itoa(p.Page))
	}
	if change > 0 {
		query.Set("change", strconv.FormatInt(change, 10))
	}
	if len(query) == 0 {
		return Path
	}
	return Path + "?" + query.Encode()
}

// at is the place on another page of the list.
func (p place) at(page int) place { return place{p.Search, page} }
