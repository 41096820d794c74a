package main

import (
	"context"
	"math/rand/v2"
	"os"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

const (
	beatLook    = time.Second           // how often is looked whether there is something to tell
	beatTimeout = 5 * time.Second       // for telling it
	leaveWait   = 2 * time.Second       // for saying goodbye
	fleetShare  = 50 * time.Millisecond // for each node between two looks at all of them
)

// nodeName is what this server is called among those of its database.
func nodeName(settings *config.Config) string {
	if settings.NodeName != "" {
		return settings.NodeName
	}
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "unnamed"
	}
	return name
}

// A fleet is how many nodes there are, and how many of them are behind.
type fleet struct{ nodes, behind int }

// beat tells the others of this node, each control.NodeBeat and soon after it decides by
// another revision, until ctx ends; then it takes what it told away.
func (n *node) beat(ctx context.Context) {
	var told control.Head
	var at, looked time.Time
	for away := false; ; {
		now := n.control.Following()
		if away && now.Outage == nil {
			n.log.Info("the database can be read again", "revision", now.Head.Revision)
		}
		if away = now.Outage != nil; !away {
			n.isBack(ctx)
		}
		due := now.Head != told || time.Since(at) >= control.NodeBeat
		if !away && due && n.tell(ctx, now) {
			told, at = now.Head, time.Now()
		}
		if !away && time.Since(looked) >= control.NodeBeat+time.Duration(n.fleet().nodes)*fleetShare {
			looked = time.Now()
			n.lookAtFleet(ctx)
		}
		select {
		case <-ctx.Done():
			n.leave(context.WithoutCancel(ctx), away)
			return
		case <-time.After(beatLook + rand.N(beatLook/2)): // nodes tell of the same change, and not at once
		}
	}
}

// tell writes down how this node is, and reports whether it could.
func (n *node) tell(ctx context.Context, now control.Following) bool {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	return n.control.Beat(ctx, control.Node{
		ID: n.id, Name: nodeName(n.settings), Version: builtVersion().Version,
		StartedAt: n.started, Head: now.Head, KeptAt: now.KeptAt,
	}) == nil // where it could not, the follower tells why
}

// lookAtFleet counts the nodes, for the metrics.
func (n *node) lookAtFleet(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	all, err := n.control.Fleet(ctx)
	if err != nil {
		return // the follower tells why
	}
	var count fleet
	for _, one := range all.Nodes {
		switch all.State(one) {
		case control.NodeLate:
			count.behind++
			fallthrough
		case control.NodeCurrent:
			count.nodes++
		}
	}
	n.seen.Store(&count)
}

func (n *node) fleet() fleet {
	if seen := n.seen.Load(); seen != nil {
		return *seen
	}
	return fleet{}
}

// leave takes this node's row away. Where the database is away the others forget it
// by themselves.
func (n *node) leave(ctx context.Context, away bool) {
	if away {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, leaveWait)
	defer cancel()
	if err := n.control.Leave(ctx, n.id); err != nil {
		n.log.Warn("that this server stops could not be written down; the others will miss it for a day", "error", err)
	}
}

// whenBack has something done when the database can be read.
func (n *node) whenBack(do func(context.Context)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.later = append(n.later, do)
}

func (n *node) isBack(ctx context.Context) {
	n.mu.Lock()
	later := n.later
	n.later = nil
	n.mu.Unlock()
	for _, do := range later {
		do(ctx)
	}
}
