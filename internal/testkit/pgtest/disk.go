//go:build unix

package pgtest

import (
	"os"
	"os/exec"
	"path/filepath"
)

// SmallDisk makes a folder that is a file system of its own in memory, with options of
// tmpfs (as in size=16m), which the server may write. Only root can. It goes with the
// cluster.
func (c *Cluster) SmallDisk(options string) (folder string) {
	c.t.Helper()
	folder = filepath.Join(c.folder, "disk")
	if err := os.Mkdir(folder, 0o700); err != nil {
		c.t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder).CombinedOutput(); err != nil {
		c.t.Fatalf("mounting a file system: %v: %s", err, out)
	}
	c.disks = append(c.disks, folder)
	if err := c.account.own(folder); err != nil {
		c.t.Fatal(err)
	}
	return folder
}

// unmount takes the file systems away.
func (c *Cluster) unmount() {
	for _, folder := range c.disks {
		if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			c.t.Errorf("unmounting: %v: %s", err, out)
		}
	}
}

// GrowDisk gives such a folder other options.
func (c *Cluster) GrowDisk(folder, options string) {
	c.t.Helper()
	if out, err := exec.Command("mount", "-o", "remount,"+options, folder).CombinedOutput(); err != nil {
		c.t.Fatalf("changing a file system: %v: %s", err, out)
	}
}
