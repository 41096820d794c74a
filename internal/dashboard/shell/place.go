package shell

import (
	"slices"

	"github.com/crossgate/crossgate/internal/control"
)

// A Place is a page that the navigation lists.
type Place struct {
	Section string // the heading that it stands below: "Settings"
	Name    string
	Path    string
	Icon    string       // of the "icon" template
	Needs   control.Role // the least role that the page is for; others do not see it listed
}

// A section is a heading of the navigation and what stands below it.
type section struct {
	Name   string
	Places []Place
}

// sections groups places by their headings, in the order in which they came.
func sections(places []Place) []section {
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
func trail(places []Place, path string) []string {
	for _, p := range places {
		if p.Path == path {
			return []string{"Dashboard", p.Section, p.Name}
		}
	}
	return []string{"Dashboard"}
}

// placesFor returns the places that somebody with a role may go to.
func placesFor(role control.Role, places []Place) []Place {
	return slices.DeleteFunc(slices.Clone(places), func(p Place) bool { return !role.Allows(p.Needs) })
}
