package control_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// A node is one of several while another one is heard of.
func TestNodeOfSeveral(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	must(t, err)
	defer db.Close()
	at := &clock{now: time.Date(2030, 5, 17, 12, 0, 0, 0, time.UTC)}
	c, err := control.New(control.Config{Store: db, Now: at.Now, Node: "east-1"})
	must(t, err)
	for _, step := range []struct {
		beats []string
		want  string
	}{
		{nil, ""},
		{[]string{"1"}, ""},
		{[]string{"1", "2"}, "east-1"},
		{[]string{"1"}, ""}, // the other one was last heard of longer ago
	} {
		at.forward(control.NodeSilent + time.Second)
		for _, id := range step.beats {
			must(t, c.Beat(t.Context(), control.Node{ID: id, Name: "east-" + id, StartedAt: at.Now()}))
		}
		got, err := c.NodeOfSeveral(t.Context())
		must(t, err)
		if got != step.want {
			t.Errorf("after %v: %q, want %q", step.beats, got, step.want)
		}
	}
}
