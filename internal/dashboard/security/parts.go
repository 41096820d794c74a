package security

import (
	"io/fs"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// A Preview says what would become of entries, for pages that add to the list in
// another way. The template "preview" of [Parts] shows a struct that has it as
// Preview, beside a Reason, Errors by field and an Expiry.
type Preview = preview

// PreviewTemplate is the file of the template "preview" in [Parts].
const PreviewTemplate = "preview.tmpl"

// Parts has the templates that other pages may show.
func Parts() fs.FS { return files }

// NewPreview shows lines that were judged without any confirmation. The ticks are
// the values of the boxes that were ticked.
func NewPreview(lines []control.Line, ticks []string) *Preview { return newPreview(lines, ticks) }

// Confirmed returns what the ticked boxes confirm.
func (p *preview) Confirmed() []trust.Confirmation { return p.confirmed() }
