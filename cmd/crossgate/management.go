package main

import (
	"net/http"

	management "github.com/crossgate/crossgate/internal/api"
	"github.com/crossgate/crossgate/internal/observe"
)

// management makes the management API, which is served beside the dashboard.
func (n *node) management() (http.Handler, error) {
	cfg := management.Config{
		Control:       n.control,
		Log:           n.log,
		Traffic:       func(site int64) management.Traffic { return n.inspect.At(site) },
		ClientAddress: clientAddress(n.settings.TrustedProxies),
		Judged:        func(result string) { n.metrics.SignedIn(observe.ByKey, result) },
	}
	if givenMode(n.settings) != "" {
		cfg.Locked = append(cfg.Locked, "mode")
	}
	return management.New(cfg)
}
