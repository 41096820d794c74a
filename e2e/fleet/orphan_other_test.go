//go:build !linux

package fleet

import "syscall"

// attributes keeps Ctrl-C away from a process: its test ends it.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
