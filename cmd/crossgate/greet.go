package main

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/server"
)

// inviteTimeout is how long the start waits to learn whether there is an account.
const inviteTimeout = 5 * time.Second

// greet logs what is needed to begin: the settings and where each came from, the
// addresses, and the link that makes the first account.
func (n *node) greet(ctx context.Context, services []server.Service) error {
	n.logSettings()
	if n.db.Created() {
		n.log.Info("made a new database", "file", n.db.Path())
	}
	for _, s := range services {
		n.log.Info(s.Name+" ready", "address", serviceURL(s))
	}
	link := n.dashboardURL(services[1].Listener.Addr())
	if link == nil {
		link = serviceURL(services[1])
	}
	if n.control.Following().Outage == nil {
		err := n.invite(ctx, link)
		if err == nil || !n.settings.OnServer() {
			return err
		}
	}
	n.whenBack(func(ctx context.Context) {
		if err := n.invite(ctx, link); err != nil {
			n.log.Warn("whether there is an account could not be read", "error", err)
		}
	})
	return nil
}

// invite logs the link that makes the first account, where there is none.
func (n *node) invite(ctx context.Context, dashboard *url.URL) error {
	ctx, cancel := context.WithTimeout(ctx, inviteTimeout)
	defer cancel()
	secret, err := n.control.SetupSecret(ctx)
	if err != nil || secret == "" {
		return err
	}
	link := dashboard.JoinPath("setup")
	link.RawQuery = url.Values{"secret": {secret}}.Encode()
	n.log.Info("no account exists yet: open this link, once, to make the first one", "link", link.String())
	return nil
}

// logSettings logs the settings that were given, and where.
func (n *node) logSettings() {
	var attrs []any
	for _, g := range n.settings.Given() {
		attrs = append(attrs, slog.String(g.Name, g.Value+" (from "+g.From+")"))
	}
	n.log.Info("settings", attrs...)
}

// serviceURL is where a service is found on this machine.
func serviceURL(s server.Service) *url.URL {
	scheme := "http"
	if s.Certificate != nil {
		scheme = "https"
	}
	return &url.URL{Scheme: scheme, Host: reachable(s.Listener.Addr())}
}

// reachable is an address that a browser on this machine can use: one that stands for
// all addresses becomes localhost.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return a.String()
}
