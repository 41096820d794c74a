package main

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// domainCommands are the commands of the Trusted Domains list.
func domainCommands() []command {
	return []command{
		domainAddCommand(),
		domainListCommand(),
		domainSetCommand(),
		domainRemoveCommand(),
		domainCheckCommand(),
		domainImportCommand(),
		domainExportCommand(),
	}
}

// domainJSON is one Trusted Domain as scripts read it.
type domainJSON struct {
	ID        int64      `json:"id"`
	Domain    string     `json:"domain"`
	Label     string     `json:"label"`
	Enabled   bool       `json:"enabled"`
	ExpiresAt *time.Time `json:"expires_at"`
	CreatedAt *time.Time `json:"created_at"`
	CreatedBy string     `json:"created_by"`
	LastSeen  *time.Time `json:"last_seen"`
	Hits      int64      `json:"hits"`
}

func domainToJSON(d control.Domain) domainJSON {
	return domainJSON{
		ID:        d.ID,
		Domain:    d.Domain.String(),
		Label:     d.Label,
		Enabled:   d.Enabled,
		ExpiresAt: jsonTime(d.ExpiresAt),
		CreatedAt: jsonTime(d.CreatedAt),
		CreatedBy: d.CreatedBy,
		LastSeen:  jsonTime(d.LastSeen),
		Hits:      d.Hits,
	}
}

// domainState is the state of an entry in a word.
func domainState(d control.Domain, now time.Time) string {
	switch {
	case !d.Enabled:
		return "off"
	case !d.ExpiresAt.IsZero() && !now.Before(d.ExpiresAt):
		return "expired"
	}
	return "on"
}
