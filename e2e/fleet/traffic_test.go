package fleet

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/crossgate/crossgate/e2e/internal/history"
)

const (
	betweenLooks   = 3 * time.Millisecond  // of one who looks
	betweenChanges = 60 * time.Millisecond // of one who changes
	lookersPerNode = 2
	pairsPerWriter = 2
)

// stranger is an origin that nobody ever trusts.
const stranger = "https://stranger.example"

// traffic is a fleet under load: those who look ask every node, again and again, about
// what is being changed, and those who change ask every node for changes.
type traffic struct {
	f      *fleet
	r      *recorder
	stop   context.CancelFunc
	doing  sync.WaitGroup
	anchor string // an origin that is trusted all the time

	mu    sync.Mutex
	slots int
	ever  []look // everything that was ever changed
	live  []look // what is being changed, the latest last
	wrong []string
}

// A look is a question to a node: about an origin, or a token.
type look struct {
	subject string // for the records
	origin  string
	token   string // "": the question is about the origin
	audit   int64  // of what made it so, where that is to be taken back
}

// startTraffic begins. It ends with the test, or when it is stopped.
func startTraffic(f *fleet) *traffic {
	tr := &traffic{f: f, r: newRecorder(), anchor: "https://anchor.example"}
	if _, _, err := f.trust(f.nodes[0], "anchor.example"); err != nil {
		f.t.Fatal(err)
	}
	for _, n := range f.nodes {
		await(f.t, n.name+" trusts the anchor", func() bool {
			status, err := n.decide(look{origin: tr.anchor})
			return err == nil && status == http.StatusNoContent
		})
	}
	ctx, stop := context.WithCancel(f.t.Context())
	tr.stop = stop
	for _, n := range f.nodes {
		for range lookersPerNode {
			tr.doing.Go(func() { tr.look(ctx, n) })
		}
		tr.doing.Go(func() { tr.changePairs(ctx, n) })
	}
	tr.doing.Go(func() { tr.changeTokens(ctx) })
	f.t.Cleanup(func() {
		stop()
		tr.doing.Wait()
	})
	return tr
}

// decide asks the gateway of a node: an origin by a preflight, a token by a request.
func (n *node) decide(l look) (status int, err error) {
	method := http.MethodOptions
	if l.token != "" {
		method = http.MethodGet
	}
	request, err := http.NewRequest(method, n.url+"/things", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Origin", l.origin)
	if l.token != "" {
		request.Header.Set("Authorization", "Bearer "+l.token)
	} else {
		request.Header.Set("Access-Control-Request-Method", http.MethodGet)
	}
	response, err := n.client.Do(request)
	if err != nil {
		return 0, err
	}
	response.Body.Close()
	return response.StatusCode, nil
}

// observe asks and writes down the verdict.
func (tr *traffic) observe(n *node, l look) {
	wasDown, begin := n.isDown(), tr.r.now()
	status, err := n.decide(l)
	seen := history.Observation{Node: n.name, Subject: l.subject, Interval: history.Interval{Begin: begin, End: tr.r.now()}}
	switch {
	case err != nil:
		seen.Failed = err.Error()
	case status < 300:
		seen.Allowed = true
	case status != http.StatusForbidden && status != http.StatusUnauthorized:
		seen.Failed = "status " + strconv.Itoa(status)
	}
	if seen.Failed != "" && (wasDown || n.isDown()) {
		return
	}
	tr.r.saw(seen)
}

// look looks at a node.
func (tr *traffic) look(ctx context.Context, n *node) {
	random := rand.New(rand.NewPCG(rand.Uint64(), 1))
	for ctx.Err() == nil {
		for _, l := range tr.worthALook(random) {
			tr.observe(n, l)
			time.Sleep(betweenLooks)
		}
	}
}

// worthALook is the two halves of what was changed last, or of something else that is
// being changed, and now and then a stranger.
func (tr *traffic) worthALook(random *rand.Rand) []look {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if len(tr.live) == 0 || random.IntN(16) == 0 {
		return []look{{subject: stranger, origin: stranger}}
	}
	at := len(tr.live) - 1
	if random.IntN(2) == 0 {
		at = random.IntN(len(tr.live))
	}
	one := tr.live[at]
	slot := slotOf("domain", one.subject)
	if one.token != "" {
		return []look{one}
	}
	var both []look
	for _, l := range tr.live {
		if l.token == "" && slotOf("domain", l.subject) == slot {
			both = append(both, l)
		}
	}
	if random.IntN(2) == 0 {
		slices.Reverse(both)
	}
	return both
}

// touched puts what is being changed at the end of what is worth a look.
func (tr *traffic) touched(looks ...look) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.live = slices.DeleteFunc(tr.live, func(l look) bool { return slices.Contains(looks, l) })
	tr.live = append(tr.live, looks...)
	for _, l := range looks {
		if !slices.Contains(tr.ever, l) {
			tr.ever = append(tr.ever, l)
		}
	}
}

// left takes something out of what is worth a look.
func (tr *traffic) left(looks ...look) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.live = slices.DeleteFunc(tr.live, func(l look) bool { return slices.Contains(looks, l) })
}

func (tr *traffic) isWrong(format string, args ...any) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.wrong = append(tr.wrong, fmt.Sprintf(format, args...))
}

func (tr *traffic) newSlot() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.slots++
	return "s" + strconv.Itoa(tr.slots)
}

// A pair is two origins that are let in and refused together.
type pair struct {
	slot  string
	looks []look
	turn  int
	audit int64 // of the last change, which undo takes back
}

func (tr *traffic) newPair() *pair {
	p := &pair{slot: tr.newSlot()}
	for _, half := range []string{"left", "right"} {
		domain := half + "." + p.slot + slotEnd
		p.looks = append(p.looks, look{subject: domain, origin: "https://" + domain})
	}
	return p
}

// changePairs changes pairs at a node, one after the other, until ctx ends. What became
// of a pair is not known where there was no answer: another takes its place.
func (tr *traffic) changePairs(ctx context.Context, n *node) {
	pairs := make([]*pair, pairsPerWriter)
	for i := 0; ctx.Err() == nil; i = (i + 1) % len(pairs) {
		if pairs[i] == nil {
			pairs[i] = tr.newPair()
		}
		if !tr.change(n, pairs[i]) {
			tr.left(pairs[i].looks...)
			pairs[i] = nil
		}
		time.Sleep(betweenChanges)
	}
}

// change turns a pair over, and looks at it at once where that is acknowledged: the node
// must have applied it. It reports whether it is known what became of the pair.
func (tr *traffic) change(n *node, p *pair) bool {
	a := &attempt{slot: p.slot, turn: p.turn, Change: history.Change{Node: n.name, Sets: map[string]bool{}}}
	for _, l := range p.looks {
		a.Sets[l.subject] = p.turn%2 == 0
	}
	tr.touched(p.looks...)
	tr.r.asked(a)
	var status int
	var err error
	var audit int64
	if p.turn == 0 {
		audit, status, err = tr.f.trust(n, p.looks[0].subject, p.looks[1].subject)
	} else {
		audit, status, err = tr.f.undo(n, p.audit)
	}
	tr.r.answered(a, audit, err == nil)
	if err != nil {
		tr.judgeFailure(n, status, err)
		return false
	}
	p.turn, p.audit = p.turn+1, audit
	for _, l := range p.looks {
		tr.observe(n, l)
	}
	return true
}

// judgeFailure lets nothing pass but that the records, or the node, could not be had.
func (tr *traffic) judgeFailure(n *node, status int, err error) {
	if status != 0 && status < http.StatusInternalServerError {
		tr.isWrong("%s refused a change: %v", n.name, err)
	}
}

// changeTokens makes a token, uses it, revokes it, and so on, at every node in turn.
func (tr *traffic) changeTokens(ctx context.Context) {
	for i := 0; ctx.Err() == nil; i++ {
		n := tr.f.nodes[i%len(tr.f.nodes)]
		asked := tr.r.now()
		made, status, err := tr.f.createToken(n, "Token "+strconv.Itoa(i))
		if err != nil {
			tr.judgeFailure(n, status, err) // one that may be there is known to nobody
			time.Sleep(betweenChanges)
			continue
		}
		l := look{subject: made.ID, origin: tr.anchor, token: made.Token}
		create := &attempt{slot: made.ID, Change: history.Change{Node: n.name, Sets: map[string]bool{made.ID: true}}}
		tr.r.asked(create)
		tr.r.answered(create, 0, true)
		create.Interval.Begin = asked
		tr.touched(l)
		tr.observe(n, l)
		time.Sleep(betweenChanges)

		revoke := &attempt{slot: made.ID, turn: 1, Change: history.Change{Node: n.name, Sets: map[string]bool{made.ID: false}}}
		tr.r.asked(revoke)
		status, err = tr.f.revokeToken(n, made.ID)
		tr.r.answered(revoke, 0, err == nil)
		if err != nil {
			tr.judgeFailure(n, status, err)
		}
		tr.observe(n, l)
		time.Sleep(betweenChanges)
		tr.left(l)
	}
}

// end stops the load, waits until all nodes decide by the last change, looks at
// everything once more, and returns what was seen.
func (tr *traffic) end() *history.History {
	t := tr.f.t
	t.Helper()
	tr.stop()
	tr.doing.Wait()
	tr.f.settle()
	settled := tr.r.now()
	var looking sync.WaitGroup
	for _, n := range tr.f.nodes {
		looking.Go(func() {
			for _, l := range tr.ever {
				tr.observe(n, l)
			}
		})
	}
	looking.Wait()
	return tr.r.history(readRecords(t, cmp.Or(tr.f.plan.records, tr.f.plan.databases[0])), settled)
}

// settle makes one more change, and waits until every node knows of it: then each has
// read the records after all others.
func (f *fleet) settle() {
	f.t.Helper()
	const last = "settled.example"
	knows := func(n *node) bool {
		status, err := n.decide(look{origin: "https://" + last})
		return err == nil && status == http.StatusNoContent
	}
	await(f.t, "a last change is effective", func() bool {
		if knows(f.nodes[0]) {
			return true
		}
		_, _, _ = f.trust(f.nodes[0], last) // again, where it failed or, in a build that loses changes, was lost
		return false
	})
	for _, n := range f.nodes {
		await(f.t, n.name+" knows of the last change", func() bool { return knows(n) })
	}
}
