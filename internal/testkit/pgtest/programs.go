//go:build unix

package pgtest

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// program returns the path of one of PostgreSQL's programs. Debian keeps those of a
// server in a folder for each version: the newest counts.
func program(t testing.TB, name string) string {
	t.Helper()
	if folder := os.Getenv("PGTEST_BIN"); folder != "" {
		return filepath.Join(folder, name)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return cmp.Compare(version(a), version(b)) })
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("PostgreSQL's %s is not there: run make deps, or give the folder of its programs as PGTEST_BIN", name)
	}
	return path
}

// version is the number of the version that a program's path names.
func version(path string) float64 {
	n, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(filepath.Dir(path))), 64)
	return n
}

// run runs one of PostgreSQL's programs to its end, as whom the cluster belongs to.
func (c *Cluster) run(name string, args ...string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(c.t, name), args...)
	cmd.SysProcAttr = c.account.attributes()
	cmd.Dir = c.folder
	cmd.Env = c.environment()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("%s: %v\n%s", name, err, out.Bytes())
	}
}

// environment holds nothing that would speak of another server, as PGHOST does.
func (c *Cluster) environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + c.folder, "PGPASSWORD=" + c.password}
}
