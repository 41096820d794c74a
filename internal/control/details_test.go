package control_test

import (
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Entries that are added together may differ in what is known of them.
func TestAddDomainsWithDetails(t *testing.T) {
	s, clock := newControl(t)
	in := control.AddDomains{
		Text: []string{"a.example off.other.net", "rest.third.org"}, Label: "Rest",
		Details: map[string]control.EntryDetails{
			"a.example":     {Label: " Ours ", Expires: clock.Now().Add(time.Hour)},
			"off.other.net": {Off: true},
		},
	}
	if _, _, err := s.AddDomains(t.Context(), control.Actor{Kind: "user", Name: "ada"}, in); err != nil {
		t.Fatal(err)
	}
	list, _, err := s.Domains(t.Context(), control.ListQuery{})
	if err != nil || len(list) != 3 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	rest, off, ours := list[0], list[1], list[2]
	if rest.Label != "Rest" || !rest.Enabled || off.Label != "" || off.Enabled || ours.Label != "Ours" || ours.ExpiresAt.IsZero() {
		t.Errorf("got %+v", list)
	}
	for name, details := range map[string]control.EntryDetails{
		"label":   {Label: strings.Repeat("x", control.MaxLabel+1)},
		"expires": {Expires: time.Unix(1, 0)},
	} {
		in := control.AddDomains{Text: []string{"new.fourth.com"}, Details: map[string]control.EntryDetails{"new.fourth.com": details}}
		if _, _, err := s.AddDomains(t.Context(), control.Actor{}, in); err == nil {
			t.Errorf("a wrong %s was saved", name)
		}
	}
}
