//go:build !linux

package store

import "syscall"

// limitSilence does nothing: the system's own limit holds.
func limitSilence(string, string, syscall.RawConn) error { return nil }
