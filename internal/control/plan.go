package control

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/trust"
)

// PlanApply says what Apply would change. All that is wrong is told at once, in a
// [*FlawedError].
func (s *Service) PlanApply(ctx context.Context, d Declaration) (Plan, error) {
	return view(ctx, s, func(r Reader) (Plan, error) { return s.planned(r, d) })
}

// Fingerprint is equal for plans that say the same.
func (p *Plan) Fingerprint() (string, error) {
	text, err := json.Marshal(p.Sites)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// A planner works out what a Declaration would change.
type planner struct {
	*Service
	r     Reader
	sites map[string]*Site  // those that there are, by name
	taken map[string]string // by host and path: the site that will have them
	total int               // entries that are declared
	flaws []Flaw
}

// siteWork is what is to be done to one site.
type siteWork struct {
	before, after *Site // nil before: a new one; nil after: it is removed
	did           []string

	policyBefore, policyAfter Policy
	policyDid                 []string

	replacement          // of entries
	reasons     []string // why entries were confirmed

	members []memberWork
}

// memberWork is what is to be done to a member; "": none.
type memberWork struct {
	account       Account
	before, after Role
}

func (s *Service) planned(r Reader, d Declaration) (Plan, error) {
	p := &planner{Service: s, r: r, sites: make(map[string]*Site), taken: make(map[string]string)}
	if err := r.EachSite(func(site Site) error {
		p.sites[site.Name] = &site
		return nil
	}); err != nil {
		return Plan{}, err
	}
	named := p.named(d.Sites)
	p.addresses(d, named)
	var plan Plan
	for i := range d.Sites {
		one, err := p.site(&d.Sites[i])
		if err != nil {
			return Plan{}, err
		}
		if len(one.Lines) > 0 {
			plan.Sites = append(plan.Sites, one)
		}
	}
	if d.Prune {
		plan.Sites = append(plan.Sites, p.pruned(named)...)
	}
	p.count(d, named)
	if len(p.flaws) > 0 {
		slices.SortStableFunc(p.flaws, func(a, b Flaw) int { return cmp.Compare(a.Line, b.Line) })
		return Plan{}, &FlawedError{p.flaws}
	}
	slices.SortFunc(plan.Sites, func(a, b SitePlan) int {
		return cmp.Or(-cmp.Compare(rankOf(a.Site), rankOf(b.Site)), strings.Compare(a.Site, b.Site))
	})
	return plan, nil
}

// rankOf puts the site default before the others.
func rankOf(site string) int {
	if site == DefaultSite {
		return 1
	}
	return 0
}

func (p *planner) flaw(line int, site, code, message string) {
	p.flaws = append(p.flaws, Flaw{line, site, code, message})
}

// wrong notes an error of control's rules. What is none is returned.
func (p *planner) wrong(line int, site string, err error) error {
	bad, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	p.flaw(line, site, bad.Code, bad.Message)
	return nil
}

// named returns the sites that are named, in normal form, each with its first line.
func (p *planner) named(sites []DeclaredSite) map[string]int {
	named := make(map[string]int, len(sites))
	for i := range sites {
		d := &sites[i]
		d.Name = strings.ToLower(strings.TrimSpace(d.Name))
		if first, twice := named[d.Name]; twice {
			p.flaw(d.line("name"), d.Name, CodeInvalid, fmt.Sprintf("the site %s is named twice, first in line %d", d.Name, first))
			continue
		}
		named[d.Name] = d.line("name")
	}
	return named
}

// addresses checks that no address will be of two sites.
func (p *planner) addresses(d Declaration, named map[string]int) {
	given := make(map[string]bool)
	for i := range d.Sites {
		given[d.Sites[i].Name] = d.Sites[i].Addresses != nil
	}
	for name, site := range p.sites {
		if _, stays := named[name]; given[name] || !stays && d.Prune {
			continue
		}
		for _, address := range site.Addresses {
			p.taken[unschemed(address)] = name
		}
	}
}

// count checks how many sites and entries there will be.
func (p *planner) count(d Declaration, named map[string]int) {
	sites := len(p.sites)
	if d.Prune {
		sites = 1
	}
	for name := range named {
		if p.sites[name] == nil || d.Prune && name != DefaultSite {
			sites++
		}
	}
	if sites > MaxSites {
		p.flaw(0, "", CodeTooMany, fmt.Sprintf("there would be %d sites; at most %d are kept", sites, MaxSites))
	}
	if p.total > MaxDeclared {
		p.flaw(0, "", CodeTooMany, fmt.Sprintf("there are %d entries; at most %d can be applied at once: put sites into several files", p.total, MaxDeclared))
	}
}

// pruned removes the sites that are not named.
func (p *planner) pruned(named map[string]int) []SitePlan {
	var plans []SitePlan
	for name, site := range p.sites {
		if _, stays := named[name]; stays || site.ID == DefaultSiteID {
			continue
		}
		plans = append(plans, SitePlan{Site: name, work: &siteWork{before: site}, Lines: []PlanLine{
			{Sign: SignRemove, Kind: "site", Name: name, Detail: "with its Trusted Domains, access tokens, policy, members and keys, for good"},
		}})
	}
	return plans
}

// site works out what is to be done to one site.
func (p *planner) site(d *DeclaredSite) (SitePlan, error) {
	plan := SitePlan{Site: d.Name, work: &siteWork{before: p.sites[d.Name]}}
	if err := validSiteName(d.Name); err != nil {
		return plan, p.wrong(d.line("name"), d.Name, err)
	}
	if err := p.described(d, &plan); err != nil {
		return plan, err
	}
	here := p.In(Place{Name: d.Name})
	if plan.work.before != nil {
		here = p.In(Place{plan.work.before.ID, d.Name})
	}
	for _, part := range []func(*Service, *DeclaredSite, *SitePlan) error{p.policy, p.domains, p.members} {
		if err := part(here, d, &plan); err != nil {
			return plan, err
		}
	}
	return plan, nil
}

// described works out where the site is found, what is behind it, and whether it is on.
func (p *planner) described(d *DeclaredSite, plan *SitePlan) error {
	w := plan.work
	if d.Name == DefaultSite {
		for field, given := range map[string]bool{"addresses": d.Addresses != nil, "upstreams": d.Upstreams != nil, "health-path": d.HealthPath != nil, "enabled": d.Enabled != nil} {
			if given {
				p.flaw(d.line(field), d.Name, CodeInvalid, "the site default is described by the settings of serve; here it has policy, domains and members alone")
			}
		}
		w.after = w.before
		return nil
	}
	from := Site{Name: d.Name, Enabled: true, Version: 1}
	if w.before != nil {
		from = *w.before
	}
	in := SetSite{HealthPath: d.HealthPath, Enabled: d.Enabled}
	in.Addresses = p.normal(d, "addresses", d.Addresses, NormalAddress)
	in.Upstreams = p.normal(d, "upstreams", d.Upstreams, normalUpstream)
	if d.Addresses != nil {
		p.take(d, *in.Addresses)
	}
	after, did, err := p.siteApplied(from, in)
	if err != nil {
		return p.wrong(d.line(fieldOf(err)), d.Name, err)
	}
	w.after, w.did = &after, did
	switch {
	case w.before == nil:
		after.Version = 1
		plan.add(SignAdd, "site", d.Name, strings.Join(did, ", "))
	case len(did) > 0:
		plan.add(SignChange, "site", d.Name, strings.Join(did, ", "))
	}
	return nil
}

func fieldOf(err error) string {
	if bad, ok := errors.AsType[*Error](err); ok {
		return bad.Field
	}
	return ""
}

// normal returns a list in normal form, and notes what is wrong with each of it.
func (p *planner) normal(d *DeclaredSite, field string, list *[]string, normal func(string) (string, error)) *[]string {
	if list == nil {
		return nil
	}
	out := make([]string, 0, len(*list))
	for i, text := range *list {
		one, err := normal(text)
		if err != nil {
			_ = p.wrong(d.line(fmt.Sprintf("%s.%d", field, i)), d.Name, err) // it is an *Error always
			continue
		}
		out = append(out, one)
	}
	return &out
}

// take gives the site its addresses, where no other one has them.
func (p *planner) take(d *DeclaredSite, addresses []string) {
	for i, address := range addresses {
		if other, taken := p.taken[unschemed(address)]; taken && other != d.Name {
			p.flaw(d.line(fmt.Sprintf("addresses.%d", i)), d.Name, CodeExists, fmt.Sprintf("%s is the address of the site %s already", address, other))
			continue
		}
		p.taken[unschemed(address)] = d.Name
	}
}

// unschemed is an address without its scheme, which does not tell two sites apart.
func unschemed(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return rest
}

func (p *SitePlan) add(sign Sign, kind, name, detail string) {
	p.Lines = append(p.Lines, PlanLine{sign, kind, name, detail})
}

// policy works out what is to become of the policy.
func (p *planner) policy(here *Service, d *DeclaredSite, plan *SitePlan) error {
	if d.Policy == nil {
		return nil
	}
	in, err := d.Policy.asked().checked()
	if bad, ok := errors.AsType[*Error](err); ok {
		for _, one := range bad.Fields {
			p.flaw(d.line(one.Field), d.Name, one.Code, one.Message)
		}
		return nil
	}
	if err != nil {
		return err
	}
	w := plan.work
	w.policyBefore = DefaultPolicy()
	if w.before != nil {
		have, err := here.readPolicy(p.r)
		if err != nil {
			return err
		}
		w.policyBefore = have.Policy
	}
	if len(*in.Headers)+len(w.policyBefore.Headers) == 0 {
		in.Headers = nil // no list and an empty one say the same
	}
	if len(*in.Exempt)+len(w.policyBefore.Exempt) == 0 {
		in.Exempt = nil
	}
	w.policyAfter, w.policyDid = in.applied(w.policyBefore)
	for _, did := range w.policyDid {
		plan.add(SignChange, "policy", did, "")
	}
	return nil
}

// asked is the policy as one asks for it, but for the credential.
func (p Policy) asked() SetPolicy {
	return SetPolicy{
		Credentials: &p.Credentials, Methods: &p.Methods, AnyHeader: &p.AnyHeader, Headers: &p.Headers, MaxAge: &p.MaxAge,
		Expose: &p.Expose, QueryCarrier: &p.QueryCarrier, Exempt: &p.Exempt, TokenRequired: &p.TokenRequired,
		OpenEnvelopes: &p.OpenEnvelopes, Mode: &p.Mode,
	}
}

// members works out who is to be a member.
func (p *planner) members(here *Service, d *DeclaredSite, plan *SitePlan) error {
	if d.Members == nil {
		return nil
	}
	have := make(map[string]Role)
	if plan.work.before != nil {
		list, err := p.r.Members(here.site.ID)
		if err != nil {
			return err
		}
		for _, m := range list {
			have[m.Account] = m.Role
		}
	}
	seen := make(map[string]int)
	for _, m := range *d.Members {
		if err := p.member(d, m, have, seen, plan); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(have) {
		if seen[name] != 0 {
			continue
		}
		a, err := findAccount(p.r, name)
		if err != nil {
			return err
		}
		plan.work.members = append(plan.work.members, memberWork{a.Account, have[name], ""})
		plan.add(SignRemove, "member", name, string(have[name]))
	}
	return nil
}

// member works out what is to become of one member.
func (p *planner) member(d *DeclaredSite, m DeclaredMember, have map[string]Role, seen map[string]int, plan *SitePlan) error {
	a, err := findAccount(p.r, m.Name)
	if err != nil {
		return p.wrong(m.Line, d.Name, err)
	}
	if first := seen[a.Name]; first != 0 {
		p.flaw(m.Line, d.Name, CodeInvalid, fmt.Sprintf("%s is named twice, first in line %d", a.Name, first))
		return nil
	}
	seen[a.Name] = max(m.Line, 1)
	if err := validRole(m.Role); err != nil {
		return p.wrong(m.Line, d.Name, err)
	}
	before := have[a.Name]
	switch before {
	case m.Role:
		return nil
	case "":
		plan.add(SignAdd, "member", a.Name, string(m.Role))
	default:
		plan.add(SignChange, "member", a.Name, fmt.Sprintf("%s, was %s", m.Role, before))
	}
	plan.work.members = append(plan.work.members, memberWork{a.Account, before, m.Role})
	return nil
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// confirmed reports whether a DeclaredDomain may be added: like is the entry that it is
// easily taken for, or nil.
func (d *DeclaredDomain) confirmed(line Line, like *trust.Entry) Line {
	judge{given: d.Confirm, reason: strings.TrimSpace(d.Reason)}.confirmLine(&line, like)
	return line
}
