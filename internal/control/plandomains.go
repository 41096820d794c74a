package control

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/trust"
)

// wantedEntries is a declared list, parsed.
type wantedEntries struct {
	list    []wantedEntry
	domains map[trust.Domain]int // the line of each
}

type wantedEntry struct {
	*DeclaredDomain
	domain trust.Domain
}

// domains works out what is to become of the list of Trusted Domains: it will be what is
// declared, and nothing else.
func (p *planner) domains(here *Service, d *DeclaredSite, plan *SitePlan) error {
	if d.Domains == nil {
		return nil
	}
	p.total += len(*d.Domains)
	if len(*d.Domains) > MaxListSize {
		p.flaw(d.line("domains"), d.Name, CodeTooMany, fmt.Sprintf("the list has %d entries; a site has at most %d", len(*d.Domains), MaxListSize))
		return nil
	}
	want, err := p.wanted(d)
	if err != nil {
		return err
	}
	have := make(map[trust.Domain]Domain)
	if plan.work.before != nil {
		if err := eachDomain(p.r, here.site.ID, "", func(one Domain) error {
			have[one.Domain] = one
			return nil
		}); err != nil {
			return err
		}
	}
	w := plan.work
	w.goes(want, have, plan)
	var added []wantedEntry
	for _, e := range want.list {
		if is, ok := have[e.domain]; ok {
			w.changes(e, is, plan)
		} else {
			added = append(added, e)
		}
	}
	return p.adds(d, added, want, have, plan)
}

// wanted parses the declared entries, and notes what is wrong with them.
func (p *planner) wanted(d *DeclaredSite) (wantedEntries, error) {
	want := wantedEntries{domains: make(map[trust.Domain]int, len(*d.Domains))}
	for i := range *d.Domains {
		e := &(*d.Domains)[i]
		e.Entry, e.Label = strings.TrimSpace(e.Entry), strings.TrimSpace(e.Label)
		domain, err := parseEntry(e.Entry)
		if err == nil {
			err = cmp.Or(validText("label", e.Label, MaxLabel), validText("reason", e.Reason, MaxReason))
		}
		if err != nil {
			if err := p.wrong(e.Line, d.Name, err); err != nil {
				return want, err
			}
			continue
		}
		if first, twice := want.domains[domain]; twice {
			p.flaw(e.Line, d.Name, CodeInvalid, fmt.Sprintf("%s is on the list twice, first in line %d", domain, first))
			continue
		}
		want.domains[domain] = e.Line
		want.list = append(want.list, wantedEntry{e, domain})
	}
	slices.SortFunc(want.list, func(a, b wantedEntry) int { return strings.Compare(a.domain.String(), b.domain.String()) })
	return want, nil
}

// goes removes the entries that are not declared.
func (w *siteWork) goes(want wantedEntries, have map[trust.Domain]Domain, plan *SitePlan) {
	var gone []Domain
	for domain, is := range have {
		if _, stays := want.domains[domain]; !stays {
			gone = append(gone, is)
		}
	}
	slices.SortFunc(gone, func(a, b Domain) int { return strings.Compare(a.Domain.String(), b.Domain.String()) })
	w.removed = gone
	for _, is := range gone {
		plan.add(SignRemove, "domain", is.Domain.String(), entryDetail(is))
	}
}

// changes makes an entry what is declared of it.
func (w *siteWork) changes(e wantedEntry, is Domain, plan *SitePlan) {
	on := !e.Off
	after, did := SetDomain{Label: &e.Label, Enabled: &on, Expires: &e.Expires}.applied(is)
	if len(did) == 0 {
		return
	}
	w.from, w.to = append(w.from, is), append(w.to, after)
	plan.add(SignChange, "domain", is.Domain.String(), strings.Join(did, ", "))
}

// adds adds the entries that are new, where what needs confirming is confirmed.
func (p *planner) adds(d *DeclaredSite, added []wantedEntry, want wantedEntries, have map[trust.Domain]Domain, plan *SitePlan) error {
	if len(added) == 0 {
		return nil
	}
	domains := make([]trust.Domain, len(added))
	for i, e := range added {
		domains[i] = e.domain
	}
	for i, like := range staying(want, have).LookAlikes(domains) {
		e := added[i]
		line := e.confirmed(Line{Entry: e.Entry, Domain: e.domain, Status: Added}, like)
		if line.Status == RefusedLine {
			p.flaw(e.Line, d.Name, line.Code, line.Message+confirmedInFile(line))
			continue
		}
		if e.Reason != "" && !slices.Contains(plan.work.reasons, e.Reason) {
			plan.work.reasons = append(plan.work.reasons, e.Reason)
		}
		one := Domain{
			Typed: e.Entry, Domain: e.domain, Label: e.Label, Enabled: !e.Off, ExpiresAt: kept(e.Expires),
			CreatedAt: p.now(), Version: 1,
		}
		plan.work.added = append(plan.work.added, one)
		plan.add(SignAdd, "domain", e.domain.String(), entryDetail(one))
	}
	return nil
}

// staying is the list of the entries that are not removed, with which a new one could be
// confused.
func staying(want wantedEntries, have map[trust.Domain]Domain) *trust.Set {
	var entries []trust.Entry
	for domain, is := range have {
		if _, stays := want.domains[domain]; stays {
			entries = append(entries, trust.Entry{ID: is.ID, Domain: domain})
		}
	}
	return trust.NewSet(entries)
}

// confirmedInFile says how a file confirms what a line needs.
func confirmedInFile(line Line) string {
	words := make([]string, len(line.Confirm))
	for i, c := range line.Confirm {
		words[i] = string(c)
	}
	text := " (with confirm: [" + strings.Join(words, ", ") + "]"
	if slices.Contains(line.Confirm, trust.ConfirmPublicSuffix) {
		text += " and a reason"
	}
	return text + ")"
}

// entryDetail is what there is to say of an entry beside its domain.
func entryDetail(d Domain) string {
	var parts []string
	if d.Label != "" {
		parts = append(parts, fmt.Sprintf("%q", d.Label))
	}
	if !d.ExpiresAt.IsZero() {
		parts = append(parts, "expires "+expiryText(d.ExpiresAt))
	}
	if !d.Enabled {
		parts = append(parts, "off")
	}
	return strings.Join(parts, ", ")
}
