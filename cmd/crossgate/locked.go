package main

import (
	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/dashboard"
	"github.com/crossgate/crossgate/internal/gate"
)

// locked returns the settings of the site that were given at the start, which the
// dashboard shows and does not change.
func locked(settings *config.Config) []dashboard.Locked {
	names := map[string]string{"upstream": "Upstream", "public-url": "Public URL", "mode": "Mode"}
	var list []dashboard.Locked
	for _, g := range settings.Given() {
		if name, ok := names[g.Name]; ok {
			list = append(list, dashboard.Locked{Name: name, Value: g.Value, Given: g.From})
		}
	}
	return list
}

// givenMode returns the mode that was given at the start, which wins over the site's
// policy, or "" where none was.
func givenMode(settings *config.Config) gate.Mode {
	for _, g := range settings.Given() {
		if g.Name == "mode" {
			return settings.Mode
		}
	}
	return ""
}
