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
	// Waiting counts what is new on the page, for the navigation. It is asked for with
	// every page, so it must be quick; nil: nothing is counted.
	Waiting func(context.Context) int
}

// A listed place is one with what waits there.
type listed struct {
	Place
	New string // "3", "99+", or "": nothing new
}

// maxCounted is the largest count that the navigation shows as it is.
const maxCounted = 99

// listedFor returns the places that somebody with a role may go to.
func listedFor(ctx context.Context, role control.Role, places []Place) []listed {
	var all []listed
	for _, p := range places {
		if role.Allows(p.Needs) {
			all = append(all, listed{p, waiting(ctx, p)})
		}
	}
	return all
}

func waiting(ctx context.Context, p Place) string {
	if p.Waiting == nil {
		return ""
	}
	switch n := p.Waiting(ctx); {
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
		i := slices.IndexFunc(all, func(s section) bool { return s.Name == p.Section })
		if i < 0 {
			i, all = len(all), append(all, section{Name: p.Section})
		}
		all[i].Places = append(all[i].Places, p)
	}
	return all
}

// trail says where a page is, in the words of the navigation.
func trail(places []listed, path string) []string {
	for _, p := range places {
		switch {
		case p.Path == path && p.Section == "":
			return []string{"Dashboard", p.Name}
		case p.Path == path:
			return []string{"Dashboard", p.Section, p.Name}
		}
	}
	return []string{"Dashboard"}
}
