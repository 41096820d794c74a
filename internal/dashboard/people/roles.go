package people

import (
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A roleChoice is a role to choose, and what it lets people do.
type roleChoice struct {
	Role    control.Role
	Name    string
	Means   string
	Chosen  bool
	Refused bool // cannot be chosen, because nobody would be left who may do everything
}

// roleChoices returns the roles, the least one first.
func roleChoices(chosen control.Role) []roleChoice {
	choices := []roleChoice{
		{Role: control.RoleViewer, Name: "Viewer", Means: "sees everything, and changes nothing"},
		{Role: control.RoleEditor, Name: "Editor", Means: "changes Trusted Domains and access tokens"},
		{Role: control.RoleOwner, Name: "Owner", Means: "changes everything, the policy and people too"},
	}
	for i := range choices {
		choices[i].Chosen = choices[i].Role == chosen
	}
	return choices
}

// roleName is what people call a role.
func roleName(role control.Role) string {
	for _, c := range roleChoices(role) {
		if c.Chosen {
			return c.Name
		}
	}
	return string(role)
}

// maxSites is how many sites are named of somebody, at most.
const maxSites = 20

// A membership is a role at one site.
type membership struct {
	Site string
	URL  string
	Role string
}

// memberships are where somebody has a role of their own, and how many more there are.
func memberships(all []control.Membership) (shown []membership, more int) {
	for _, m := range all[:min(len(all), maxSites)] {
		shown = append(shown, membership{m.Site.Name, shell.LinkTo(m.Site.Name, "/"), roleName(m.Role)})
	}
	return shown, len(all) - len(shown)
}

// isLastOwner reports whether nobody else of the accounts is an owner.
func isLastOwner(all []control.Account, a control.Account) bool {
	if a.Role != control.RoleOwner || a.Confined {
		return false
	}
	for _, other := range all {
		if other.ID != a.ID && other.Role == control.RoleOwner && !other.Confined {
			return false
		}
	}
	return true
}
