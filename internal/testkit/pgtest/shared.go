//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// shared is the cluster of the package under test.
var shared struct {
	sync.Mutex
	life    *life // nil: Main does not run
	cluster *Cluster
}

// Main runs the tests of a package and ends the cluster that they shared.
func Main(m *testing.M) int {
	shared.Lock()
	shared.life = new(life)
	shared.Unlock()
	defer shared.life.end()
	return m.Run()
}

// Shared returns the cluster of the package under test, started when it is first
// asked for. It is [Fast], and to be left as it is: a test of faults starts its own.
func Shared(t testing.TB) *Cluster {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	switch {
	case shared.life == nil:
		t.Fatal("TestMain is to call pgtest.Main")
	case shared.life.failed:
		t.Fatal("PostgreSQL did not start before")
	case shared.cluster == nil:
		shared.life.TB = t
		shared.cluster = Start(shared.life, Fast())
	}
	c := *shared.cluster
	c.t = t // who fails with what is asked of it
	return &c
}

// NewDatabase makes an empty database in the shared cluster, and returns its address
// for its owner.
func NewDatabase(t testing.TB) string {
	t.Helper()
	return Shared(t).NewDatabase(t)
}

// life is what a shared cluster takes for its test: it ends after all tests.
type life struct {
	testing.TB // the test that asked first
	failed     bool
	cleanups   []func()
}

// Cleanup has something done when all tests have ended.
func (l *life) Cleanup(do func()) { l.cleanups = append(l.cleanups, do) }

// Failed reports whether the cluster could not be used.
func (l *life) Failed() bool { return l.failed }

// Fatal fails the test that asked first: the cluster did not start.
func (l *life) Fatal(args ...any) {
	l.failed = true
	l.TB.Fatal(args...)
}

// Fatalf is Fatal with a format.
func (l *life) Fatalf(format string, args ...any) { l.Fatal(fmt.Sprintf(format, args...)) }

// Errorf says what went wrong.
func (l *life) Errorf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// Logf says something.
func (l *life) Logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// Helper marks nothing.
func (l *life) Helper() {}

func (l *life) end() {
	for i := len(l.cleanups) - 1; i >= 0; i-- {
		l.cleanups[i]()
	}
}
