//go:build unix

package pgtest

import (
	"errors"
	"fmt"
)

// Replication says what a commit waits for.
type Replication int

// The kinds of replication.
const (
	Async Replication = iota // a commit does not wait: the latest may be lost in a failover
	Sync                     // a commit waits until the standby has it on its disk
)

// Standby makes a copy of the cluster that follows it, and starts it. It takes
// reading connections alone until it is promoted, with the same passwords. It ends
// with the test.
func (c *Cluster) Standby(kind Replication) *Cluster {
	c.t.Helper()
	s := newCluster(c.t)
	s.password, s.settings, s.query = c.password, c.settings, c.query
	s.run("pg_basebackup", "--pgdata="+s.data, "--dbname="+c.url(superuser, ""), "--write-recovery-conf",
		"--wal-method=stream", "--checkpoint=fast", "--no-sync")
	s.Set(fmt.Sprintf("port=%d", s.port), "unix_socket_directories='"+s.folder+"'", "synchronous_standby_names=''")
	s.Start()
	c.eventually("the standby does not follow", func() error {
		if c.Ask("postgres", "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "0" {
			return errors.New("nobody streams")
		}
		return nil
	})
	if kind == Sync {
		c.waitForStandby()
	}
	return s
}

// waitForStandby makes commits wait for whoever follows.
func (c *Cluster) waitForStandby() {
	c.t.Helper()
	c.SQL("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
	c.eventually("replication does not become synchronous", func() error {
		if c.Ask("postgres", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "0" {
			return errors.New("nobody is waited for")
		}
		return nil
	})
}

// Promote makes a standby the server that takes writes. What it followed is to be
// killed first, as a failover does.
func (c *Cluster) Promote() {
	c.t.Helper()
	c.SQL("postgres", "SELECT pg_promote()")
	c.eventually("the standby is not promoted", func() error {
		if c.Ask("postgres", "SELECT pg_is_in_recovery()") != "false" {
			return errors.New("it still recovers")
		}
		return nil
	})
}

// Detach keeps a standby at what it has, for ever: a failover to it then takes the
// records back. (What it has received it replays at the latest when it is promoted.)
func (c *Cluster) Detach() {
	c.t.Helper()
	c.SQL("postgres", "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")
	c.eventually("the standby goes on listening", func() error {
		if c.Ask("postgres", "SELECT count(*) FROM pg_stat_wal_receiver") != "0" {
			return errors.New("it receives")
		}
		return nil
	})
}
