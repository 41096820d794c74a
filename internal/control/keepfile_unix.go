//go:build unix

package control

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockKept takes a file for this process, for as long as it is open.
func lockKept(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errKeptByAnother
	}
	return err
}

// onlyOwnerWrites refuses what others could have written, and keeps them from reading it.
func onlyOwnerWrites(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	mode := info.Mode().Perm()
	if mode&0o022 != 0 {
		return fmt.Errorf("others may write it: look who did, and take that away with chmod 600 %s", f.Name())
	}
	if mode&^keptMode != 0 {
		return f.Chmod(keptMode)
	}
	return nil
}
