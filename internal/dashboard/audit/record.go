package audit

import (
	"net/http"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// maxReason is how much of a summary or a reason is shown on the page of one
// change, in characters: all of it.
const maxReason = 1000

// A recordView is the page of one change.
type recordView struct {
	row
	Diff diff
	Back string // address of the log
}

// showRecord answers with one change and what it changed.
func (p *Page) showRecord(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	record, err := p.recordOf(r, who)
	if err != nil {
		return err
	}
	view, err := newRecordView(record)
	if err != nil {
		return err
	}
	if err := p.nameSites(r.Context(), who, []control.AuditRecord{record}, []*row{&view.row}); err != nil {
		return err
	}
	view.Back = address(Path, filterOf(r.URL.Query()).values())
	return p.shell.Render(w, http.StatusOK, p.record, shell.Page{
		Title: shell.Visible(view.Action), Path: Path, Visitor: &who, Body: view,
	})
}

func newRecordView(record control.AuditRecord) (recordView, error) {
	changed, err := newDiff(record.Before, record.After)
	v := recordView{row: newRow(record), Diff: changed}
	v.Summary = shell.Sentence(shell.Cut(record.Summary, maxReason))
	v.Reason = shell.Cut(record.Reason, maxReason)
	return v, err
}

// recordOf reads the change that the route names.
func (p *Page) recordOf(r *http.Request, who shell.Visitor) (control.AuditRecord, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return control.AuditRecord{}, shell.NotFound
	}
	return p.log.AuditedFor(r.Context(), filterOf(r.URL.Query()).query(who), id)
}
