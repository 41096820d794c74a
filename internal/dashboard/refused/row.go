package refused

import (
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/trust"
)

// Limits of what is shown of one origin, in characters.
const (
	maxShown     = 300
	maxShownPath = 80
)

// A row is one origin of the inbox.
type row struct {
	ID       int // of the row on its page
	Origin   string
	Shown    string // Origin, cut to size
	Readable string // as people read it, where that is another, or ""
	Hits     uint64
	About    bool // Hits may be too high
	First    shell.When
	Last     shell.When
	Paths    []string
	Reason   string
	Entry    string // that would trust it; "": none can
	Like     string // the trusted entry that it is easily taken for, or ""
	Near     string // a sentence about the entry that comes nearest, or ""
	Why      string // where none can trust it: why
	Insecure bool   // without https, and from another machine
	Form     string // the address of the form that trusts it, filled in
	Requests string // where its exchanges are, or ""
}

// rows describes origins, given the list as it is.
func (p *Page) rows(list []inspect.Origin, trusted *trust.Set) []row {
	rows := make([]row, len(list))
	domains := make([]trust.Domain, len(list))
	for i, o := range list {
		rows[i] = p.newRow(i+1, o)
		domains[i], _ = trust.ParseDomain(rows[i].Entry) // a zero one is like nothing
		if u := domains[i].Unicode(); u != domains[i].String() {
			rows[i].Readable = u
		}
	}
	for i, like := range likenesses(trusted, domains) {
		rows[i].Like = like
		if like == "" {
			rows[i].Near = near(trusted, list[i].Origin, p.shell.Now())
		}
	}
	return rows
}

func (p *Page) newRow(id int, o inspect.Origin) row {
	now := p.shell.Now()
	r := row{
		ID: id, Origin: o.Origin, Shown: shell.Cut(o.Origin, maxShown), Hits: o.Hits, About: o.Uncertain > 0,
		First: shell.NewWhen(now, o.First), Last: shell.NewWhen(now, o.Last), Reason: shell.Cut(string(o.Reason), maxShown),
	}
	for _, path := range o.Paths[:min(len(o.Paths), inspect.MaxExamplePaths)] {
		r.Paths = append(r.Paths, shell.Cut(path, maxShownPath))
	}
	if p.inspector != "" && len(o.Origin) <= maxShown {
		r.Requests = p.inspector + "?" + url.Values{"origin": {o.Origin}}.Encode()
	}
	origin, err := trust.ParseOrigin(o.Origin)
	if err != nil {
		r.Why = untrustable(o.Origin)
		return r
	}
	r.Entry = entryOf(origin)
	r.Insecure = origin.Scheme() == "http" && !origin.IsLoopback()
	r.Form = security.FilledIn(r.Entry)
	return r
}

// entryOf is the entry that trusts an origin and nothing else.
func entryOf(o trust.Origin) string {
	if o.Scheme() == "https" {
		return o.Authority()
	}
	return o.String()
}

// untrustable says why no entry can trust what came as an origin.
func untrustable(origin string) string {
	if origin == "null" {
		return "Sent by sandboxed frames, local files and after some redirects: it names nobody, so nobody can be trusted by it."
	}
	return "This is no origin as browsers write it, so no entry can match it."
}

// likenesses returns for each domain the entry that it is easily taken for, or "". A
// name of mixed scripts is like itself.
func likenesses(trusted *trust.Set, domains []trust.Domain) []string {
	likes := make([]string, len(domains))
	for i, entry := range trusted.LookAlikes(domains) {
		switch {
		case entry != nil:
			likes[i] = entry.Domain.Unicode()
		case !domains[i].IsZero() && domains[i].MixesScripts():
			likes[i] = "another name, by letters of several scripts"
		}
	}
	return likes
}

// near is a sentence about the entry that comes nearest to trusting an origin, or "".
func near(trusted *trust.Set, origin string, now time.Time) string {
	o, err := trust.ParseOrigin(origin)
	if err != nil {
		return ""
	}
	found, ok := trusted.Nearest(o, now)
	if !ok {
		return ""
	}
	return found.Detail
}

// IsPlain reports whether the reason goes without saying.
func (r row) IsPlain() bool { return r.Reason == string(gate.OriginNotTrusted) || r.Why != "" }
