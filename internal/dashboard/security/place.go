package security

import (
	"net/url"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A place is where in the list the visitor is.
type place = shell.Spot

// placeOf reads a place from a query or a form.
func placeOf(values url.Values) place { return shell.SpotOf(Path, values) }
