package transfer

import "github.com/crossgate/crossgate/internal/portable"

// A format is a kind of list, and what people call it.
type format struct {
	Kind   portable.Kind
	Name   string
	Chosen bool
}

// automatic is the choice to find out the format from the list itself.
const automatic portable.Kind = ""

// formats returns what a list can be read as.
func formats(chosen portable.Kind) []format {
	all := []format{{Kind: automatic, Name: "Find out by itself"}}
	for _, kind := range portable.Kinds() {
		all = append(all, format{Kind: kind, Name: nameOf(kind)})
	}
	for i := range all {
		all[i].Chosen = all[i].Kind == chosen
	}
	return all
}

// nameOf is what people call a kind of list.
func nameOf(kind portable.Kind) string {
	switch kind {
	case portable.Plain:
		return "Plain list"
	case portable.CSV:
		return "CSV"
	case portable.JSON:
		return "JSON"
	case portable.Vanilla:
		return "Vanilla’s Trusted Domains"
	case portable.NginxMap:
		return "nginx map"
	case portable.Okta:
		return "Okta’s trusted origins"
	case portable.Auth0:
		return "Auth0’s applications"
	}
	return string(kind)
}
