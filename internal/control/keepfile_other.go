//go:build !unix

package control

import "os"

// lockKept does nothing here: nodes on one machine need files of their own.
func lockKept(*os.File) error { return nil }

// onlyOwnerWrites believes the system: who may write is not in the file's mode.
func onlyOwnerWrites(*os.File) error { return nil }
