package inspector

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/inspect"
)

// maxText is how much of a path or an origin a row shows, in characters.
const maxText = 90

// A row is one exchange of the list, with the preflight before it.
type row struct {
	ID      string
	Joins   string // id of the preflight that stands in this row, or ""
	URL     string // of the exchange's own page
	At      moment
	When    string // the time, with the day where that is not today
	Method  string
	Path    string
	Origin  string
	Verdict verdict
	Entry   *entry // nil: none matches and none is near
	Why     string // the reason, where it says more than the verdict; or ""
	Carrier string
	Asked   *asked // nil: no preflight
	Status  int
	Took    string
}

// A moment is a point in time, in UTC.
type moment struct{ Day, Time, ISO string }

func newMoment(t time.Time) moment {
	t = t.UTC()
	return moment{t.Format("2 January 2006"), t.Format("15:04:05"), t.Format(time.RFC3339Nano)}
}

// An asked is what a row says of a preflight.
type asked struct {
	Alone bool   // the request itself has not come
	About string // the names of the headers, or the method
}

// An entry is a Trusted Domain that a row names.
type entry struct {
	Name    string
	URL     string
	Nearest bool // it does not match, but comes nearest
}

// newRows makes rows of exchanges.
func (p *Page) newRows(ctx context.Context, f filter, exchanges []inspect.Exchange) ([]row, error) {
	look := p.newLookup(ctx)
	rows := make([]row, len(exchanges))
	for i := range exchanges {
		e := &exchanges[i]
		found, err := look.entryOf(e, false)
		if err != nil {
			return nil, err
		}
		rows[i] = p.newRow(f, e)
		rows[i].Entry = found
	}
	return rows, nil
}

func (p *Page) newRow(f filter, e *inspect.Exchange) row {
	r := row{
		ID: e.ID.String(), URL: f.of(e.ID), At: newMoment(e.Time),
		Method: effective(e), Path: shell.Cut(e.Path, maxText), Origin: shell.Cut(e.Origin, maxText),
		Verdict: verdictOf(e), Carrier: carrierName(e.Carrier),
		Status: e.Status, Took: took(e.Duration),
	}
	r.When = r.At.Time
	if r.At.Day != newMoment(p.shell.Now()).Day {
		r.When = r.At.Day + ", " + r.When
	}
	if e.Outcome != inspect.Allowed {
		r.Why = reasonOf(e.Reason).Title
	}
	switch {
	case e.Preflight:
		r.Asked = &asked{Alone: true, About: about(e)}
	case e.Joined != 0:
		r.Asked, r.Joins = &asked{}, e.Joined.String()
		if before, ok := p.recorder.Get(e.Joined); ok {
			r.Asked.About = about(&before)
		}
	}
	return r
}

// effective is the method of the request that an exchange is about.
func effective(e *inspect.Exchange) string {
	method := e.Effective
	if e.Preflight && e.Requested.Method != "" {
		method = e.Requested.Method
	}
	if method == "" {
		method = e.Method
	}
	return shell.Cut(method, maxMethod)
}

// maxMethod is how much of a method is shown, in characters, and maxAbout how many
// headers a row names.
const (
	maxMethod = 20
	maxAbout  = 3
)

// about names what a preflight asks for.
func about(e *inspect.Exchange) string {
	names := e.Requested.Headers
	if len(names) == 0 {
		return shell.Cut(e.Requested.Method, maxMethod)
	}
	more := len(names) - maxAbout
	shown := slices.Clone(names[:min(len(names), maxAbout)])
	for i := range shown {
		shown[i] = shell.Cut(shown[i], maxText/maxAbout)
	}
	text := strings.Join(shown, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// took says a length of time as people read it.
func took(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case d <= 0:
		return "0 ms"
	case ms < 0.1:
		return "under 0.1 ms"
	case ms < 1:
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	case ms < 1000:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
}

// A lookup finds the entries that rows name, each once.
type lookup struct {
	ctx     context.Context //nolint:containedctx // it lives for one page
	control Control
	byID    map[int64]*entry
	near    map[string]*entry
}

func (p *Page) newLookup(ctx context.Context) *lookup {
	return &lookup{ctx: ctx, control: p.control, byID: map[int64]*entry{}, near: map[string]*entry{}}
}

// entryOf returns the entry that matched, or the one that comes nearest where none did.
// One that matched a request which something else has stopped is told only if always.
func (l *lookup) entryOf(e *inspect.Exchange, always bool) (*entry, error) {
	switch {
	case e.DomainID != 0 && (always || e.Outcome == inspect.Allowed):
		return l.matching(e.DomainID)
	case e.Verdict == inspect.VerdictRefused, e.Verdict == inspect.VerdictObserved:
		return l.nearest(e.Origin)
	}
	return nil, nil
}

func (l *lookup) matching(id int64) (*entry, error) {
	if found, known := l.byID[id]; known {
		return found, nil
	}
	d, err := l.control.Domain(l.ctx, id)
	var found *entry
	switch {
	case err == nil:
		found = &entry{Name: shell.Cut(d.Domain.String(), maxText), URL: security.Path + "/domains/" + strconv.FormatInt(id, 10)}
	case !isNotFound(err):
		return nil, err
	}
	l.byID[id] = found
	return found, nil
}

// nearest asks the gate. It says nothing of an origin that is trusted by now.
func (l *lookup) nearest(origin string) (*entry, error) {
	if found, known := l.near[origin]; known {
		return found, nil
	}
	checked, err := l.control.Check(l.ctx, origin)
	if err != nil {
		return nil, err
	}
	var found *entry
	if checked.Nearest != "" {
		query := url.Values{"search": {checked.Nearest}}
		found = &entry{Name: shell.Cut(checked.Nearest, maxText), URL: security.Path + "?" + query.Encode(), Nearest: true}
	}
	l.near[origin] = found
	return found, nil
}

// isNotFound reports whether a record is not there any more.
func isNotFound(err error) bool {
	refused, ok := errors.AsType[*control.Error](err)
	return ok && refused.Code == control.CodeNotFound
}
