package fleet

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// An Alert knows whether a node is in trouble. Every page asks it, so it asks the records
// now and then alone.
type Alert struct {
	nodes Nodes
	now   func() time.Time

	mu   sync.Mutex
	at   time.Time // when it asked last
	said string
	many int
}

// asksEvery is how long an answer is good for, and how long the records may take for one.
const (
	asksEvery = 3 * time.Second
	patience  = time.Second
)

// NewAlert makes an alert of what the control plane knows of the nodes.
func NewAlert(nodes Nodes, now func() time.Time) *Alert { return &Alert{nodes: nodes, now: now} }

// Text says what is wrong with the fleet, in a sentence; "": nothing, or nobody knows now.
func (a *Alert) Text(ctx context.Context) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := a.now(); now.Sub(a.at) >= asksEvery || now.Before(a.at) {
		a.at = now
		a.said, a.many = a.ask(ctx)
	}
	return a.said
}

// Nodes is how many nodes there are; 0: nobody knows now.
func (a *Alert) Nodes(ctx context.Context) int {
	a.Text(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.many
}

func (a *Alert) ask(ctx context.Context) (said string, many int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	f, err := a.nodes.Fleet(ctx)
	if err != nil {
		return "", 0
	}
	return troubleOf(&f), len(f.Nodes)
}

// troubleOf is what is wrong with a fleet, in a sentence, or "".
func troubleOf(f *control.Fleet) string {
	var behind, silent []string
	for _, n := range f.Nodes {
		switch f.State(n) {
		case control.NodeLate:
			behind = append(behind, n.Name)
		case control.NodeGone:
			silent = append(silent, n.Name)
		}
	}
	switch {
	case len(behind) > 0 && len(silent) > 0:
		return named(behind) + " behind, and " + named(silent) + " not heard of."
	case len(behind) > 0:
		return named(behind) + " behind: a change of the last seconds does not hold there yet."
	case len(silent) > 0:
		return named(silent) + " not heard of."
	}
	return ""
}

// named names a node, or says how many there are.
func named(nodes []string) string {
	if len(nodes) == 1 {
		return "Node " + nodes[0] + " is"
	}
	return fmt.Sprintf("%d nodes are", len(nodes))
}
