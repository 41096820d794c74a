package shell

// A Page is what the frame shows around a page's own content.
type Page struct {
	Title   string   // of the page, also the heading of most
	Path    string   // of the page in the navigation, as in "/settings/security"
	Visitor *Visitor // nil: nobody is signed in, and there is no navigation
	Message *Message // nil: nothing to say
	Script  string   // name of the page's own [Script]; "": none
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

// framed is what the frame's template is executed with.
type framed struct {
	Page
	Assets     *assets
	OwnScript  string // path of the page's own script, or ""
	Version    string
	Navigation []section
	Trail      []string // "Dashboard", the site where there are several, the section, the page
	Alert      string   // what is wrong with the fleet, or ""
	AlertPath  string   // where that is told in full
	Where      string   // the site of the page, where there are several and the visitor may see it
}

func (s *Shell) framed(p Page) framed {
	f := framed{Page: p, Assets: s.assets, OwnScript: s.assets.scripts[p.Script], Version: s.version}
	if p.Visitor != nil {
		f.Navigation = sections(p.Visitor.places)
		if p.Visitor.Several && p.Visitor.MaySee() {
			f.Where = p.Visitor.Site.Name
		}
		if p.Path != s.alertAt {
			f.Alert, f.AlertPath = p.Visitor.alert, s.alertAt
		}
		f.Trail = trail(p.Visitor, p.Path)
	}
	return f
}
