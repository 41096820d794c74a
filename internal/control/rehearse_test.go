package control_test

import (
	"fmt"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// An origin turns where nothing else on the list holds it, and where it is held by what
// would be added.
func TestRehearse(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "app.example.com", "*.example.com", "only.example.net", "off.example.net")
	no := false
	_, _, err := c.SetDomain(t.Context(), anna, control.SetDomain{ID: find(t, c, "off.example.net").ID, Enabled: &no})
	must(t, err)
	seen := []string{"https://app.example.com", "https://only.example.net", "https://off.example.net", "https://new.example.org", "null", "nonsense"}
	id := func(entry string) int64 { return find(t, c, entry).ID }
	with := func(entry string) []trust.Domain {
		d, err := trust.ParseDomain(entry)
		must(t, err)
		return []trust.Domain{d}
	}

	tests := []struct {
		name string
		in   control.Rehearsal
		want string
	}{
		{"held by another entry, too", control.Rehearsal{Without: []int64{id("app.example.com")}}, "[]"},
		{"held by both that would go", control.Rehearsal{Without: []int64{id("app.example.com"), id("*.example.com")}}, "[https://app.example.com false app.example.com]"},
		{"held by that one alone", control.Rehearsal{Without: []int64{id("only.example.net")}}, "[https://only.example.net false only.example.net]"},
		{"switched off already", control.Rehearsal{Without: []int64{id("off.example.net")}}, "[]"},
		{"gone already", control.Rehearsal{Without: []int64{999}}, "[]"},
		{"added", control.Rehearsal{With: with("*.example.org")}, "[https://new.example.org true *.example.org]"},
		{"added, and held already", control.Rehearsal{With: with("app.example.com")}, "[]"},
		{"replaced by one that holds it", control.Rehearsal{Without: []int64{id("only.example.net")}, With: with("*.example.net")}, "[https://off.example.net true *.example.net]"},
		{"nothing at all", control.Rehearsal{}, "[]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.in.Origins = seen
			turns, err := c.Rehearse(t.Context(), test.in)
			must(t, err)
			texts := make([]string, len(turns))
			for i, turn := range turns {
				texts[i] = fmt.Sprintf("%s %v %s", turn.Origin, turn.Allowed, turn.By)
			}
			if got := fmt.Sprint(texts); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
