package control

import (
	"fmt"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// A Declaration says what sites are to be like, as a file that is kept elsewhere says it.
// It has no secrets: tokens, credentials, passwords and keys are no part of it.
type Declaration struct {
	Sites []DeclaredSite
	Prune bool // the sites that it does not name are removed
}

// A DeclaredSite is what one site is to be like. What is nil stays as it is; what is given
// is made equal.
type DeclaredSite struct {
	Name       string
	Addresses  *[]string // of default none: settings say them
	Upstreams  *[]string
	HealthPath *string
	Enabled    *bool
	Policy     *Policy // without credential and version
	Domains    *[]DeclaredDomain
	Members    *[]DeclaredMember

	Line  int            // of the site in its file
	Lines map[string]int // of what is said of it, by the names that mistakes have as Field
}

// A DeclaredDomain is one entry of a list of Trusted Domains.
type DeclaredDomain struct {
	Entry   string
	Label   string
	Expires time.Time // zero: never; one that is over is kept, and trusts nobody
	Off     bool
	Confirm []trust.Confirmation
	Reason  string // required with ConfirmPublicSuffix
	Line    int
}

// A DeclaredMember is an account's role at a site.
type DeclaredMember struct {
	Name string
	Role Role
	Line int
}

// A Flaw is one mistake of a Declaration.
type Flaw struct {
	Line    int // of the file; 0: of no one line
	Site    string
	Code    string
	Message string // a sentence that says what to do
}

// A FlawedError is all that is wrong with a Declaration, by line. Nothing was changed.
type FlawedError struct{ Flaws []Flaw }

func (e *FlawedError) Error() string {
	return fmt.Sprintf("%d mistakes, so nothing was changed; the first, in line %d: %s", len(e.Flaws), e.Flaws[0].Line, e.Flaws[0].Message)
}

// MaxDeclared is how many entries a Declaration can have, of all its sites.
const MaxDeclared = 1_000_000

// line is where something is said of the site.
func (d *DeclaredSite) line(field string) int {
	if n, ok := d.Lines[field]; ok {
		return n
	}
	return d.Line
}

// A Plan is what a Declaration would change, or has changed: nothing where it has no sites.
type Plan struct {
	Sites []SitePlan // the site default first, the others by name
}

// A SitePlan is what would be changed of one site.
type SitePlan struct {
	Site  string
	Lines []PlanLine
	work  *siteWork
}

// A PlanLine is one change.
type PlanLine struct {
	Sign   Sign   `json:"sign"`
	Kind   string `json:"kind"` // "site", "policy", "domain" or "member"
	Name   string `json:"name"`
	Detail string `json:"detail,omitempty"`
}

// A Sign says what becomes of a thing.
type Sign string

// The signs.
const (
	SignAdd    Sign = "+"
	SignRemove Sign = "-"
	SignChange Sign = "~"
)

// Count says how many changes of a sign there are; "": of all.
func (p *Plan) Count(sign Sign) int {
	n := 0
	for i := range p.Sites {
		n += p.Sites[i].Count(sign)
	}
	return n
}

// Count says how many changes of a sign there are; "": of all.
func (p *SitePlan) Count(sign Sign) int {
	n := 0
	for _, line := range p.Lines {
		if sign == "" || line.Sign == sign {
			n++
		}
	}
	return n
}
