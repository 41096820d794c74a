package inspector

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/trust"
)

// maxPath is how much of a path, an origin or an address the page of one exchange
// shows, in characters: all that is kept.
const maxPath = 600

// An exchangeView is the page of one exchange, with its preflight where it had one.
type exchangeView struct {
	Back    string
	ID      string
	Method  string
	Path    string
	Origin  string
	At      moment
	Verdict verdict
	Reason  reason
	Entry   *entry
	Trust   string // address of the form that would trust the origin, or ""
	Lacks   string // why the visitor cannot do that, or ""
	Since   string // what has changed since, or ""

	Facts    []fact
	Timeline *timeline // nil: there is no preflight to it
	Why      *why
	Wanted   exchangePart
	Parts    []exchangePart
	Report   report
	Copies   []copyable
}

// A fact is a name and a text.
type fact struct {
	Name string
	Text string
	Code bool // it is set as code
	URL  string
}

// An exchangePart is one side's half of a conversation.
type exchangePart struct {
	ID    string
	Title string
	Note  string   // a sentence, or ""
	Lines []string // as they were sent
	Facts []fact
}

// showOne answers with one exchange.
func (p *Page) showOne(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	id, err := inspect.ParseID(r.PathValue("id"))
	if err != nil {
		return shell.NotFound
	}
	e, found := p.recorder.Get(id)
	if !found {
		return forgotten
	}
	view, err := p.newView(r, p.pairOf(e), who)
	if err != nil {
		return err
	}
	return p.shell.Render(w, http.StatusOK, p.one, shell.Page{
		Title: shell.Visible(view.Method + " " + shell.Cut(view.Path, maxText)), Path: Path, Visitor: &who, Body: view,
	})
}

// forgotten is told of an exchange that made room for later ones.
var forgotten = &shell.Problem{
	Status: http.StatusNotFound, Title: "This request is not remembered any more",
	Detail: "The Inspector keeps the last requests in memory, until later ones or a restart take their place.",
	Link:   &shell.Link{Name: "To the Inspector", Path: Path},
}

func (p *Page) newView(r *http.Request, pair pair, who shell.Visitor) (exchangeView, error) {
	e := pair.main()
	v := exchangeView{
		Back: address(Path, filterOf(r.URL.Query()).values()), ID: e.ID.String(),
		Method: pair.method(), Path: shell.Cut(e.Path, maxPath), Origin: shell.Cut(e.Origin, maxPath),
		At: newMoment(e.Time), Verdict: verdictOf(e), Reason: reasonOf(e.Reason),
		Facts: factsOf(pair), Timeline: newTimeline(pair), Why: whyOf(pair), Report: reportOf(pair), Copies: pair.copies(),
		Wanted: wanted(pair), Parts: partsOf(pair),
	}
	var err error
	if v.Entry, err = p.newLookup(r.Context()).entryOf(e, true); err != nil {
		return v, err
	}
	if e.Verdict == inspect.VerdictRefused || e.Verdict == inspect.VerdictObserved {
		err = v.offerTrust(p, r, who, e.Origin)
	}
	return v, err
}

// offerTrust puts in the way to trust an origin, or says that it is trusted by now.
func (v *exchangeView) offerTrust(p *Page, r *http.Request, who shell.Visitor, origin string) error {
	checked, err := p.control.Check(r.Context(), origin)
	switch {
	case err != nil:
		return err
	case checked.Allowed:
		v.Since = "This origin is trusted by now: the same request would be let in."
	case checked.Reason == "origin-not-trusted":
		v.Trust, v.Lacks = trustURL(origin), who.Lacks(control.RoleEditor)
	}
	return nil
}

// trustURL is the address of the form that adds an origin, filled in; "" where no entry
// can trust it. It changes nothing.
func trustURL(origin string) string {
	o, err := trust.ParseOrigin(origin)
	switch {
	case err != nil:
		return ""
	case o.Scheme() == "https":
		return security.FilledIn(o.Authority())
	}
	return security.FilledIn(o.String())
}

// factsOf is what there is to say of an exchange at a glance.
func factsOf(p pair) []fact {
	e := p.main()
	facts := []fact{
		{Name: "Status", Text: statusText(e.Status)},
		{Name: "Took", Text: took(e.Duration)},
		{Name: "Called", Text: shell.Cut(e.Scheme+"://"+e.Host, maxPath), Code: true},
	}
	if name := carrierName(e.Carrier); name != "" {
		facts = append(facts, fact{Name: "Came as", Text: name})
	}
	if e.Token != "" {
		facts = append(facts, fact{Name: "Access token", Text: e.Token, Code: true, URL: "/settings/tokens/" + url.PathEscape(e.Token)})
	}
	return facts
}

func statusText(status int) string {
	if status == 0 {
		return "No answer"
	}
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// wanted is the request that the page wanted to send.
func wanted(p pair) exchangePart {
	part := exchangePart{ID: "wanted", Title: "What the page wanted to send", Lines: []string{p.method() + " " + shown(p.main())}}
	for _, name := range p.headers() {
		part.Lines = append(part.Lines, shell.Cut(name, maxText)+": …")
	}
	switch {
	case p.Request != nil && p.Request.Carrier != inspect.Ordinary:
		part.Note = "As the gateway read it in what was sent. Header names in an envelope are not kept."
	case p.Request == nil:
		part.Note = "As its preflight says. It has not come: the browser sends it only once the preflight is granted."
	}
	if kind := p.contentType(); kind != "" && !slices.Contains(p.headers(), "content-type") {
		part.Lines = append(part.Lines, "content-type: "+kind)
	}
	return part
}

// shown is the path, with a sign for a query that was there.
func shown(e *inspect.Exchange) string {
	path := shell.Cut(e.Path, maxPath)
	if e.Query {
		path += "?…"
	}
	return path
}

// partsOf is what went over the wire, in order.
func partsOf(p pair) []exchangePart {
	var parts []exchangePart
	if e := p.Preflight; e != nil {
		parts = append(parts, asks(e), answers(e, "preflight-answer", "What the gateway answered it"))
	}
	if e := p.Request; e != nil {
		if e.Carrier != inspect.Ordinary {
			parts = append(parts, carried(e))
		}
		parts = append(parts, upstream(e), answers(e, "answer", "What the page was answered"))
	}
	return parts
}

// asks is what the browser sent as preflight.
func asks(e *inspect.Exchange) exchangePart {
	lines := []string{
		"OPTIONS " + shown(e), "origin: " + shell.Cut(e.Origin, maxPath),
		"access-control-request-method: " + shell.Cut(e.Requested.Method, maxText),
	}
	if len(e.Requested.Headers) > 0 {
		lines = append(lines, "access-control-request-headers: "+shell.Cut(strings.Join(e.Requested.Headers, ","), maxPath))
	}
	return exchangePart{ID: "asked", Title: "What the browser asked first", Lines: lines}
}

// carried is what the browser sent instead.
func carried(e *inspect.Exchange) exchangePart {
	return exchangePart{
		ID: "sent", Title: "What the browser sent", Lines: []string{shell.Cut(e.Method, maxMethod) + " " + shown(e)},
		Note: "A simple request, so there was no preflight: " + strings.ToLower(carrierName(e.Carrier)) + ".",
	}
}

// upstream is what the API behind the gateway saw.
func upstream(e *inspect.Exchange) exchangePart {
	part := exchangePart{ID: "upstream", Title: "What the API saw"}
	switch {
	case e.Outcome == inspect.Refused:
		part.Note = "Nothing: it was refused here."
		return part
	case e.Outcome == inspect.Failed && e.Reason == "upstream-unreachable":
		part.Note = "Nothing, as far as the gateway knows."
		return part
	case isOwn(e.Path):
		part.Note = "Nothing: the gateway answers this address itself."
		return part
	}
	part.Lines = []string{effective(e) + " " + shown(e)}
	if e.ContentType != "" {
		part.Lines = append(part.Lines, "content-type: "+e.ContentType)
	}
	if e.Token != "" {
		part.Lines = append(part.Lines, "crossgate-token: "+e.Token)
	}
	return part
}

// isOwn reports whether a path belongs to the gateway.
func isOwn(path string) bool { return strings.HasPrefix(path, "/.crossgate/") }

// answers is the head of an answer, as far as CORS goes.
func answers(e *inspect.Exchange, id, title string) exchangePart {
	part := exchangePart{ID: id, Title: title, Lines: []string{statusText(e.Status)}}
	for _, f := range e.Answer {
		part.Lines = append(part.Lines, strings.ToLower(f.Name)+": "+shell.Cut(f.Value, maxPath))
	}
	switch {
	case e.Status == 0:
		part.Note = "The connection ended without one."
	case len(e.Answer) == 0:
		part.Note = "No header of CORS was among them."
	}
	return part
}
