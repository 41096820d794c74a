package fleet

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/crossgate/crossgate/e2e/internal/history"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// keeping has every node keep its snapshot on the disk.
func keeping(_, dir string) []string { return []string{"--snapshot", snapshotIn(dir)} }

func snapshotIn(dir string) string { return filepath.Join(dir, "kept", "snapshot") }

// snapshot returns the file, empty where there is none.
func (n *node) snapshot() []byte {
	text, err := os.ReadFile(snapshotIn(n.dir))
	if err != nil && !os.IsNotExist(err) {
		n.t.Fatal(err)
	}
	return text
}

// keeps waits until the file on the disk knows of an entry.
func (n *node) keeps(entry string) {
	n.t.Helper()
	await(n.t, n.name+" keeps "+entry, func() bool { return bytes.Contains(n.snapshot(), []byte(entry)) })
}

// awaitAnswer waits until a node that may have nothing to decide by answers.
func (n *node) awaitAnswer() {
	n.t.Helper()
	await(n.t, n.name+" answers", func() bool {
		if n.hasExited() {
			n.t.Fatalf("%s has ended:\n%s", n.name, n.log())
		}
		return n.status(n.url+"/things") != 0
	})
}

// TestStartWithoutDatabase kills nodes, and starts them while the database is away. One
// goes on with what it served last; one whose file is damaged lets nobody in until the
// database is back.
func TestStartWithoutDatabase(t *testing.T) {
	t.Parallel()
	s, p := newServer(t, pgtest.Fast())
	p.flags, p.nodes = keeping, 2
	f := newFleet(t, p)
	kept, revoked := f.trusted("kept.example"), f.trusted("revoked.example")
	f.revoke(revoked)
	last := f.trusted("last.example")
	for i, n := range f.nodes {
		n.keeps(last.subject)
		n.kill()
		s.ways[i].Cut()
	}
	good, damaged := f.nodes[0], f.nodes[1]
	text := damaged.snapshot()
	text[len(text)/2] ^= 1
	put(t, snapshotIn(damaged.dir), text)

	good.start()
	damaged.start()
	good.awaitReady()
	if !good.lets(kept) || !good.lets(last) {
		t.Error("what was trusted last is refused")
	}
	good.neverLets(revoked, look{subject: stranger, origin: stranger})
	damaged.awaitAnswer()
	damaged.neverLets(kept, revoked, last)

	for i, n := range f.nodes {
		s.ways[i].Heal()
		n.awaitReady()
		await(t, n.name+" has read the records", func() bool { return n.lets(kept) && n.lets(last) })
		n.neverLets(revoked)
	}
	f.settle()
}

// startsFromEarlier has the file of a node exchanged for an earlier one, as one that puts
// a backup of a machine in place does, and starts it without the database: what was
// revoked since stays so.
func startsFromEarlier(t *testing.T, p plan) (found []history.Violation) {
	s, on := newServer(t, pgtest.Fast())
	p.databases, p.records, p.flags, p.nodes = on.databases, on.records, keeping, 1
	f := newFleet(t, p)
	n, revoked := f.nodes[0], f.trusted("revoked.example")
	n.keeps(revoked.subject)
	earlier := n.snapshot()
	f.revoke(revoked)
	last := f.trusted("last.example")
	n.keeps(last.subject)
	n.kill()
	put(t, snapshotIn(n.dir), earlier)
	s.ways[0].Cut()
	n.start()
	n.awaitAnswer()
	if within(time.Second, func() bool { return n.lets(revoked) }) {
		found = append(found, history.Violation{Promise: history.Monotonic, Text: "started from an earlier snapshot, a node lets in what was revoked"})
	}
	return found
}

// revoke takes an entry off the list, and returns when every node refuses it.
func (f *fleet) revoke(l look) {
	f.t.Helper()
	if _, _, err := f.undo(f.nodes[0], l.audit); err != nil {
		f.t.Fatal(err)
	}
	for _, n := range f.nodes {
		await(f.t, n.name+" refuses "+l.subject, func() bool { return !n.lets(l) })
	}
}

func put(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// neverLets looks for a moment.
func (n *node) neverLets(looks ...look) {
	n.t.Helper()
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(betweenLooks) {
		for _, l := range looks {
			status, err := n.decide(l)
			if err != nil {
				n.t.Errorf("%s does not answer: %v", n.name, err)
			}
			if status < 300 {
				n.t.Errorf("%s lets %s in", n.name, l.subject)
			}
			if status != http.StatusForbidden && status != http.StatusServiceUnavailable {
				n.t.Errorf("%s answers %d for %s", n.name, status, l.subject)
			}
		}
	}
}

// TestDiskFull fills the disk that a node keeps its snapshot on. The node goes on as if
// nothing were; and where it is killed and started again without the database, it lets
// nobody in whom it has refused since. The disk is a small file system in memory, which
// only root can make: others are spared what the unit tests of internal/control show.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Log("not root: no file system can be made")
		return
	}
	s, p := newServer(t, pgtest.Fast())
	p.flags = func(name, dir string) []string {
		smallDisk(t, filepath.Dir(snapshotIn(dir)))
		return keeping(name, dir)
	}
	f := newFleet(t, p)
	kept, revoked := f.trusted("kept.example"), f.trusted("revoked.example")
	n := f.nodes[1]
	n.keeps(revoked.subject)
	filler := fill(t, filepath.Join(filepath.Dir(snapshotIn(n.dir)), "filler"))

	f.revoke(revoked)
	later := f.trusted("later.example")
	n.kill()
	s.ways[1].Cut()
	n.start()
	n.awaitAnswer()
	n.neverLets(revoked)

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	s.ways[1].Heal()
	n.awaitReady()
	await(t, n.name+" has read the records", func() bool { return n.lets(kept) && n.lets(later) })
	n.neverLets(revoked)
	n.keeps(later.subject)
}

// smallDisk puts a file system of a few pages in a folder.
func smallDisk(t *testing.T, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if printed, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=128k,mode=700", "tmpfs", folder).CombinedOutput(); err != nil {
		t.Fatalf("making a small file system: %v\n%s", err, printed)
	}
	t.Cleanup(func() {
		if printed, err := exec.Command("umount", "--lazy", folder).CombinedOutput(); err != nil {
			t.Errorf("taking a small file system away: %v\n%s", err, printed)
		}
	})
}

// fill writes a file until there is no room for any more of it.
func fill(t *testing.T, name string) string {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for page := make([]byte, 4096); err == nil; {
		_, err = file.Write(page)
	}
	return name
}
