package config

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/trust"
)

// A LogFormat says how the log is written.
type LogFormat string

// The formats of the log.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Config is every setting, parsed. [Load] makes it; only the settings of the
// scope that was asked for are filled in.
type Config struct {
	Upstreams      []*url.URL     // of the API behind the gateway: any of them may be asked
	UpstreamHealth string         // the path that each of them is asked for to see that it is well; "": none
	Listen         string         // HOST:PORT of the public listener
	Dashboard      string         // HOST:PORT of the dashboard's listener
	Database       string         // file name of the SQLite database
	PublicURLs     []trust.Origin // the API's own origins
	TLSCert        string         // file names in PEM; both or neither
	TLSKey         string
	DashboardURL   trust.Origin // where browsers find the dashboard; zero: its loopback address
	TrustedProxies []netip.Prefix
	Mode           gate.Mode
	LogFormat      LogFormat
	SecretKeyFile  string        // of the key that seals secrets; "": the one beside the database
	SecretKey      string        // CROSSGATE_SECRET_KEY: that key itself, or ""; never shown
	DrainNotice    time.Duration // how long requests are still accepted after SIGTERM
	Snapshot       string        // file that what is decided by is kept in; "": beside the database; "off": none
	SnapshotMaxAge time.Duration // how old that may be to start from
	NodeName       string        // what this node is called; "": as the machine

	Site string // the name of the site that is meant; "": default

	given []Given
}

// A Given is one setting that is not left at its default, and where it came from.
type Given struct {
	Name  string // as a flag, without the dashes
	Value string // fit to be logged
	From  string // "--listen", "CROSSGATE_LISTEN" or "listen in crossgate.toml"
}

// Given returns the settings that were given, in the order of the table.
func (c *Config) Given() []Given { return c.given }

// SnapshotOff is the name of a snapshot's file that stands for none.
const SnapshotOff = "off"

// SnapshotFile returns the name of the file that what is decided by is kept in, or "".
func (c *Config) SnapshotFile() string {
	switch {
	case c.Snapshot == SnapshotOff:
		return ""
	case c.Snapshot != "":
		return c.Snapshot
	case c.OnServer():
		return "crossgate.snapshot"
	}
	return c.Database + ".snapshot"
}

// OnServer reports whether the database is a server's, and not a file.
func (c *Config) OnServer() bool { return strings.Contains(c.Database, "://") }

// TLS reports whether the public listener speaks TLS.
func (c *Config) TLS() bool { return c.TLSCert != "" }

// DashboardTLS reports whether the dashboard's listener speaks TLS: wherever the
// public one does, except on loopback, where the certificate's name is not used.
func (c *Config) DashboardTLS() bool { return c.TLS() && !isLoopbackAddress(c.Dashboard) }
