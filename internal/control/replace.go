package control

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// replace makes the entries of the list that are in before be as they are in
// after, and records that: an entry in after alone is added, one in before alone
// is removed, one in both is changed. Undo is replace with the two exchanged.
func (s *Service) replace(w Writer, who Actor, r AuditRecord, before, after []Domain) (Change, error) {
	after, err := writeEntries(w, s.site.ID, before, after)
	if err != nil {
		return Change{}, err
	}
	if r.Before, err = encodeEntries(before); err != nil {
		return Change{}, err
	}
	if r.After, err = encodeEntries(after); err != nil {
		return Change{}, err
	}
	r.Site, r.Actor = s.site.ID, who
	return s.record(w, r, subjects(s.site.ID, touched(before, after)))
}

// writeEntries returns after with the ids that new entries were given.
func writeEntries(w Writer, site int64, before, after []Domain) ([]Domain, error) {
	was := make(map[int64]bool, len(before))
	for _, d := range before {
		was[d.ID] = true
	}
	written := make([]Domain, 0, len(after))
	for _, d := range after {
		var err error
		if d.ID != 0 && was[d.ID] {
			delete(was, d.ID)
			err = w.UpdateDomain(site, d)
		} else {
			d.ID, err = w.InsertDomain(site, d)
		}
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", d.Domain, err)
		}
		written = append(written, d)
	}
	for id := range was {
		if err := w.DeleteDomain(site, id); err != nil {
			return nil, fmt.Errorf("removing entry %d: %w", id, err)
		}
	}
	return written, nil
}

// touched returns the domain of every entry in either list, each once.
func touched(before, after []Domain) []trust.Domain {
	seen := make(map[trust.Domain]bool, len(before)+len(after))
	var domains []trust.Domain
	for _, part := range [][]Domain{before, after} {
		for _, d := range part {
			if !seen[d.Domain] {
				seen[d.Domain] = true
				domains = append(domains, d.Domain)
			}
		}
	}
	return domains
}

func subjects(site int64, domains []trust.Domain) []Subject {
	list := make([]Subject, len(domains))
	for i, d := range domains {
		list[i] = Subject{site, SubjectDomain, d.String()}
	}
	return list
}

// auditedEntry is an entry as the audit log keeps it: enough to bring it back.
type auditedEntry struct {
	ID        int64        `json:"id"`
	Typed     string       `json:"typed"`
	Domain    trust.Domain `json:"domain"`
	Label     string       `json:"label,omitempty"`
	Enabled   bool         `json:"enabled"`
	ExpiresAt time.Time    `json:"expires_at,omitzero"`
	CreatedAt time.Time    `json:"created_at"`
	CreatedBy string       `json:"created_by"`
	Version   int64        `json:"version"`
}

func encodeEntries(list []Domain) ([]byte, error) {
	out := make([]auditedEntry, len(list))
	for i, d := range list {
		out[i] = auditedEntry{
			ID: d.ID, Typed: d.Typed, Domain: d.Domain, Label: d.Label, Enabled: d.Enabled,
			ExpiresAt: d.ExpiresAt, CreatedAt: d.CreatedAt, CreatedBy: d.CreatedBy, Version: d.Version,
		}
	}
	return json.Marshal(out)
}

func decodeEntries(b []byte) ([]Domain, error) {
	var in []auditedEntry
	if err := json.Unmarshal(b, &in); err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	list := make([]Domain, len(in))
	for i, e := range in {
		list[i] = Domain{
			ID: e.ID, Typed: e.Typed, Domain: e.Domain, Label: e.Label, Enabled: e.Enabled,
			ExpiresAt: e.ExpiresAt, CreatedAt: e.CreatedAt, CreatedBy: e.CreatedBy, Version: e.Version,
		}
	}
	return list, nil
}
