package transfer

import (
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/portable"
)

// export answers with the whole list as a file, all of one state of the list.
func (p *Page) export(w http.ResponseWriter, r *http.Request, _ shell.Visitor) error {
	kind := portable.Kind(r.URL.Query().Get("format"))
	if !slices.Contains(portable.Written(), kind) {
		return shell.NotFound
	}
	now := p.shell.Now()
	name, media := fileOf(kind)
	each := func(visit func(control.Domain) error) error { return p.domains.EachDomain(r.Context(), "", visit) }
	return p.shell.Send(w, r, shell.Download{
		Name: "crossgate-trusted-domains-" + now.UTC().Format(time.DateOnly) + name, Type: media,
		Write: func(out io.Writer) error { return portable.Write(out, kind, now, each) },
	})
}

// fileOf returns the end of the name and the media type of a file.
func fileOf(kind portable.Kind) (extension, media string) {
	switch kind {
	case portable.CSV:
		return ".csv", "text/csv; charset=utf-8"
	case portable.JSON:
		return ".json", "application/json"
	}
	return ".txt", "text/plain; charset=utf-8"
}
