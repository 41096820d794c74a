package gate

import "github.com/crossgate/crossgate/trust"

// Halved returns the site with another list.
func (s *Site) Halved(list *trust.Set) *Site {
	torn := *s
	torn.trusted = list
	return &torn
}
