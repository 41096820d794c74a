//go:build unix

package pgtest

import (
	"io"
	"os/exec"
)

// A guard is a process that ends a cluster and takes its folder away when the test's
// process is no more, however that ended: the pipe between them closes with it.
type guard struct {
	cmd  *exec.Cmd
	pipe io.Closer // held open by the test's process alone
}

// onEnd is what the guard does: $1 is the file of the postmaster's id, $2 the folder.
const onEnd = `cat >/dev/null
if pid=$(cat "$1" 2>/dev/null); then
	pids="$(ps -A -o pid=,ppid= | awk -v p="$pid" '$2 == p { print $1 }') $pid"
	kill -KILL $pids; sleep 1
fi
rm -rf "$2"`

func startGuard(c *Cluster) (*guard, error) {
	cmd := exec.Command("sh", "-c", onEnd, "sh", c.pidFile(), c.folder)
	cmd.SysProcAttr = c.account.attributes()
	cmd.Dir = "/"
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &guard{cmd, pipe}, cmd.Start()
}

// end has the folder taken away now, with a server that may still run.
func (g *guard) end() {
	_ = g.pipe.Close()
	_ = g.cmd.Wait()
}
