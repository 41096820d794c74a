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
