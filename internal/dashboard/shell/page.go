package shell

import "slices"

// A Page is what the frame shows around a page's own content.
type Page struct {
	Title   string   // of the page, also the heading of most
	Path    string   // of the page in the navigation, as in "/settings/security"
	Visitor *Visitor // nil: nobody is signed in, and there is no navigation
	Message *Message // nil: nothing to say
	Body    any      // what the page's "content" template shows
}

// A Message says what became of the last thing that the visitor did.
type Message struct {
	Kind string // "done", "note" or "error"
	Text string
	Undo *Undo // nil: nothing to take back
}

// An Undo is the button that takes a change back.
type Undo struct {
	Action string // where the form goes
	Change int64  // id of the change
}

// A Section is a named group of links in the navigation.
type Section struct {
	Name  string
	Links []Link
}

// A Link is a place in the navigation. Only what exists is listed.
type Link struct{ Name, Path, Icon string }

// navigation returns the places of the dashboard, in order.
func navigation() []Section {
	return []Section{
		{"Settings", []Link{{"Security", "/settings/security", "shield"}}},
	}
}

// framed is what the frame's template is executed with.
type framed struct {
	Page
	Assets     *assets
	Version    string
	Navigation []Section
	Trail      []string // "Dashboard", the section, the page
}

func (s *Shell) framed(p Page) framed {
	nav := navigation()
	return framed{Page: p, Assets: s.assets, Version: s.version, Navigation: nav, Trail: trail(nav, p)}
}

// trail says where the page is, in the words of the navigation.
func trail(nav []Section, p Page) []string {
	for _, section := range nav {
		here := func(l Link) bool { return l.Path == p.Path }
		if i := slices.IndexFunc(section.Links, here); i >= 0 {
			return []string{"Dashboard", section.Name, section.Links[i].Name}
		}
	}
	return []string{"Dashboard"}
}
