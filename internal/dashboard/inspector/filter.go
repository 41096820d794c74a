package inspector

import (
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// maxFilter is how much of what was typed into a field is looked at, in bytes.
const maxFilter = 300

// A filter says which exchanges are shown, as it was typed.
type filter struct {
	Outcome   string // of [inspect.Outcome], or "": all
	Origin    string // a part of it
	Method    string
	Reason    string     // a code
	Preflight string     // "yes", "no" or ""
	Path      string     // a prefix
	Before    inspect.ID // only what came before this exchange; 0: from the newest on
}

func filterOf(query url.Values) filter {
	f := filter{
		Outcome: bounded(query.Get("outcome")), Origin: bounded(query.Get("origin")), Method: strings.ToUpper(bounded(query.Get("method"))),
		Reason: bounded(query.Get("reason")), Preflight: bounded(query.Get("preflight")), Path: bounded(query.Get("path")),
	}
	f.Before, _ = inspect.ParseID(query.Get("before"))
	return f
}

func bounded(text string) string {
	return strings.TrimSpace(strings.ToValidUTF8(text[:min(len(text), maxFilter)], ""))
}

// Narrows reports whether the filter leaves anything out.
func (f filter) Narrows() bool {
	f.Before = 0
	return f != filter{}
}

// Detailed reports whether it does so by more than the links above the list.
func (f filter) Detailed() bool {
	f.Before = 0
	return f.Narrows() && f != filter{Outcome: f.Outcome} && f != filter{Preflight: "yes"}
}

// values is the filter as the query of an address.
func (f filter) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"outcome": f.Outcome, "origin": f.Origin, "method": f.Method, "reason": f.Reason, "preflight": f.Preflight, "path": f.Path,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if f.Before > 0 {
		values.Set("before", f.Before.String())
	}
	return values
}

// URL is the address of what the filter shows.
func (f filter) URL() string { return address(Path, f.values()) }

// Stream is the address of the same, live.
func (f filter) Stream() string { return address(streamPath, f.newest().values()) }

// of is the address of one exchange, from which a link leads back to here.
func (f filter) of(id inspect.ID) string { return address(Path+"/"+id.String(), f.values()) }

// olderThan is the filter on the page behind an exchange.
func (f filter) olderThan(id inspect.ID) filter {
	f.Before = id
	return f
}

// newest is the filter on its first page.
func (f filter) newest() filter { return f.olderThan(0) }

// chosen is what the recorder is asked; the rest is looked at here.
func (f filter) chosen() inspect.Filter {
	return inspect.Filter{Outcome: inspect.Outcome(f.Outcome), Reason: gate.Code(f.Reason), Origin: f.Origin, Path: f.Path}
}

// shows reports whether the filter has room for an exchange that the recorder has chosen.
func (f filter) shows(e *inspect.Exchange) bool {
	asked := e.Preflight || e.Joined != 0
	switch {
	case f.Method != "" && f.Method != e.Method && f.Method != e.Effective && f.Method != e.Requested.Method,
		f.Preflight == "yes" && !asked,
		f.Preflight == "no" && asked:
		return false
	}
	return true
}

func address(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
