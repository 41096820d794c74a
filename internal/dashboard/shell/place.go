package shell

import (
	"context"
	"slices"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
)

// A Place is a page that the navigation lists.
type Place struct {
	Section string // the heading that it stands below: "Settings"; "": none
	Name    string
	Path    string
	Icon    string       // of the "icon" template
	Needs   control.Role // the least role that the page is for; others do not see it listed
	Of      Scope        // what the role must be for; "": OfSite
	// Waiting counts what is new on the page of a site, for the navigation. It is asked for
	// with every page, so it must be quick; nil: nothing is counted.
	Waiting func(context.Context, control.Place) int
	Only    func(*Visitor) bool // whether it is listed for somebody who may go there; nil: it is
	Hidden  bool                // it is never listed, and has its place in the trail all the same
}

// A listed place is one with what waits there.
type listed struct {
	Place
	New string // "3", "99+", or "": nothing new
}

// maxCounted is the largest count that the navigation shows as it is.
const maxCounted = 99

// listedFor returns the places that somebody may go to.
func listedFor(ctx context.Context, v *Visitor, places []Place) []listed {
	var all []listed
	for _, p := range places {
		if p.isFor(v) && (p.Only == nil || p.Only(v)) {
			all = append(all, listed{p, waiting(ctx, p, v.Site)})
		}
	}
	return all
}

func (p *Place) isFor(v *Visitor) bool {
	switch p.Of {
	case OfSite:
		return v.here.Allows(p.Needs)
	case OfFleet:
		return v.Everywhere.Allows(p.Needs)
	}
	return true
}

func waiting(ctx context.Context, p Place, site control.Place) string {
	if p.Waiting == nil {
		return ""
	}
	switch n := p.Waiting(ctx, site); {
	case n <= 0:
		return ""
	case n > maxCounted:
		return strconv.Itoa(maxCounted) + "+"
	default:
		return strconv.Itoa(n)
	}
}

// A section is a heading of the navigation and what stands below it.
type section struct {
	Name   string
	Places []listed
}

// sections groups places by their headings, in the order in which they came.
func sections(places []listed) []section {
	var all []section
	for _, p := range places {
		if p.Hidden {
			continue
		}
		i := slices.IndexFunc(all, func(s section) bool { return s.Name == p.Section })
		if i < 0 {
			i, all = len(all), append(all, section{Name: p.Section})
		}
		all[i].Places = append(all[i].Places, p)
	}
	return all
}

// trail says where a page is, in the words of the navigation. A page of a site has its
// name where there are several.
func trail(v *Visitor, path string) []string {
	all := []string{"Dashboard"}
	for _, p := range v.places {
		if p.Path != path {
			continue
		}
		if p.Of == OfSite && v.Several {
			all = append(all, v.Site.Name)
		}
		if p.Section != "" {
			all = append(all, p.Section)
		}
		return append(all, p.Name)
	}
	return all
}
