package config

import (
	"net/netip"
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/trust"
)

// Settings returns the table of all settings.
func Settings() []Setting {
	return []Setting{
		{
			Key: "upstream", Env: "CROSSGATE_UPSTREAM", Flag: "upstream", Kind: "URL", Many: true, Scope: ForServe,
			Meaning: "the API behind the gateway; of several, each request goes to one that answers",
			set:     many(func(c *Config) *[]*url.URL { return &c.Upstreams }, parseUpstream),
		},
		{
			Key: "upstream_health", Env: "CROSSGATE_UPSTREAM_HEALTH", Flag: "upstream-health", Kind: "PATH", Scope: ForServe,
			Meaning: "what each upstream is asked for to see that it is well, as in /healthz",
			set:     one(func(c *Config) *string { return &c.UpstreamHealth }, parseHealth),
		},
		{
			Key: "listen", Env: "CROSSGATE_LISTEN", Flag: "listen", Kind: "ADDR", Default: ":8080", Scope: ForServe,
			Meaning: "where the gateway listens",
			set:     one(func(c *Config) *string { return &c.Listen }, parseAddress),
		},
		{
			Key: "dashboard", Env: "CROSSGATE_DASHBOARD", Flag: "dashboard", Kind: "ADDR", Default: "127.0.0.1:8081", Scope: ForServe | ForInvite,
			Meaning: "where the dashboard listens; off loopback it needs TLS or an https --dashboard-url",
			set:     one(func(c *Config) *string { return &c.Dashboard }, parseAddress),
		},
		{
			Key: "database", Env: "CROSSGATE_DATABASE", Flag: "database", Kind: "DATABASE", Default: "crossgate.db", Scope: ForData | ForServe,
			Meaning: "an SQLite file, made where it is missing, or postgres://USER:PASSWORD@HOST/NAME",
			set:     one(func(c *Config) *string { return &c.Database }, parseDatabase),
		},
		{
			Env: "CROSSGATE_CONFIG", Flag: "config", Kind: "FILE", Scope: ForData | ForServe,
			Meaning: "a TOML file of settings",
			set:     func(*Config, string) error { return nil }, // Load has read it before anything else
		},
		{
			Env: "CROSSGATE_SITE", Flag: "site", Kind: "NAME", Scope: ForPlace,
			Meaning: "the site that is meant, where there is more than one; without it the site default",
			set:     one(func(c *Config) *string { return &c.Site }, parseName),
		},
		{
			Key: "public_url", Env: "CROSSGATE_PUBLIC_URL", Flag: "public-url", Kind: "URL", Many: true, Scope: ForCheck | ForServe | ForSite,
			Meaning: "where browsers find the API; without one only loopback and IP addresses are served",
			set:     many(func(c *Config) *[]trust.Origin { return &c.PublicURLs }, parseOrigin),
		},
		{
			Key: "tls_cert", Env: "CROSSGATE_TLS_CERT", Flag: "tls-cert", Kind: "FILE", Scope: ForServe,
			Meaning: "TLS certificates in PEM, the leaf first; read again when the file changes",
			set:     one(func(c *Config) *string { return &c.TLSCert }, parseFile),
		},
		{
			Key: "tls_key", Env: "CROSSGATE_TLS_KEY", Flag: "tls-key", Kind: "FILE", Scope: ForServe,
			Meaning: "the private key of --tls-cert, in PEM",
			set:     one(func(c *Config) *string { return &c.TLSKey }, parseFile),
		},
		{
			Key: "dashboard_url", Env: "CROSSGATE_DASHBOARD_URL", Flag: "dashboard-url", Kind: "URL", Scope: ForServe | ForInvite,
			Meaning: "where browsers find the dashboard, if not at its loopback address",
			set:     one(func(c *Config) *trust.Origin { return &c.DashboardURL }, parseOrigin),
		},
		{
			Key: "trusted_proxies", Env: "CROSSGATE_TRUSTED_PROXIES", Flag: "trusted-proxy", Kind: "CIDR", Many: true, Scope: ForServe,
			Meaning: "addresses of proxies whose forwarding headers are believed",
			set:     many(func(c *Config) *[]netip.Prefix { return &c.TrustedProxies }, parsePrefix),
		},
		{
			Key: "mode", Env: "CROSSGATE_MODE", Flag: "mode", Kind: "MODE", Default: "enforce", Scope: ForServe | ForSite,
			Meaning: "enforce refuses untrusted origins; with observe their requests are carried as they are, and named in the access log",
			set:     one(func(c *Config) *gate.Mode { return &c.Mode }, oneOf(gate.Enforce, gate.Observe)),
		},
		{
			Key: "secret_key_file", Env: "CROSSGATE_SECRET_KEY_FILE", Flag: "secret-key-file", Kind: "FILE", Scope: ForServe | ForSeal,
			Meaning: "the key that seals the site's secrets (the upstream credential, the keys of tickets), made where it is missing; without it the SQLite file's name and .key",
			set:     one(func(c *Config) *string { return &c.SecretKeyFile }, parseFile),
		},
		{
			Key: "log_format", Env: "CROSSGATE_LOG_FORMAT", Flag: "log-format", Kind: "FORMAT", Default: "text", Scope: ForServe,
			Meaning: "text or json",
			set:     one(func(c *Config) *LogFormat { return &c.LogFormat }, oneOf(LogText, LogJSON)),
		},
		{
			Key: "drain_notice", Env: "CROSSGATE_DRAIN_NOTICE", Flag: "drain-notice", Kind: "DURATION", Default: "5s", Scope: ForServe,
			Meaning: "how long new requests are still accepted when stopping, so that load balancers notice",
			set:     one(func(c *Config) *time.Duration { return &c.DrainNotice }, parseNotice),
		},
		{
			Key: "snapshot", Env: "CROSSGATE_SNAPSHOT", Flag: "snapshot", Kind: "FILE", Scope: ForServe,
			Meaning: "where what requests are decided by is kept, to start without the database; off: nowhere; without it the database's name and .snapshot, or crossgate.snapshot",
			set:     one(func(c *Config) *string { return &c.Snapshot }, parseFile),
		},
		{
			Key: "snapshot_max_age", Env: "CROSSGATE_SNAPSHOT_MAX_AGE", Flag: "snapshot-max-age", Kind: "DURATION", Default: "24h", Scope: ForServe,
			Meaning: "how long ago the database may have been read last to start without it",
			set:     one(func(c *Config) *time.Duration { return &c.SnapshotMaxAge }, parseAge),
		},
		{
			Key: "node_name", Env: "CROSSGATE_NODE_NAME", Flag: "node-name", Kind: "NAME", Scope: ForServe,
			Meaning: "what this server is called among those of one database; without it the machine's name",
			set:     one(func(c *Config) *string { return &c.NodeName }, parseNodeName),
		},
	}
}

// one is the setter of a setting with one value; of several the last one counts.
func one[T any](field func(*Config) *T, parse func(string) (T, error)) func(*Config, string) error {
	return func(c *Config, s string) error {
		value, err := parse(s)
		if err != nil {
			return err
		}
		*field(c) = value
		return nil
	}
}

// many is the setter of a setting with several values.
func many[T any](field func(*Config) *[]T, parse func(string) (T, error)) func(*Config, string) error {
	return func(c *Config, s string) error {
		value, err := parse(s)
		if err != nil {
			return err
		}
		*field(c) = append(*field(c), value)
		return nil
	}
}
