package inspect

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
)

// newest records an observation and returns it as it is remembered.
func newest(t *testing.T, r *Recorder, o Observation) Exchange {
	t.Helper()
	o.Names = noted(o.Header)
	r.Record(&o)
	e, ok := r.At(DefaultSite).Get(r.last())
	if !ok {
		t.Fatal("it is not remembered")
	}
	return e
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

func TestExchangeComesBack(t *testing.T) {
	r := New(Config{})
	o := call()
	o.Method, o.Effective, o.Query, o.Carrier = "POST", "PATCH", true, Query
	o.Token, o.Cookie, o.FetchMode, o.FetchSite, o.ContentType = "tok_7", true, "cors", "cross-site", "application/json; charset=utf-8"
	o.Header["X-Foo"] = []string{"b"}
	o.Answer.Settled = false
	o.Answer.Header["Access-Control-Allow-Origin"] = []string{"https://app.example.com", "*", "\x01", "\x02"}
	got := newest(t, r, o)
	same(t, got, Exchange{
		ID: r.last(), Time: noon, Duration: time.Millisecond, Site: "default",
		Method: "POST", Effective: "PATCH", Scheme: "https", Host: "api.example.com", Path: "/api/v2/discussions/7", Query: true, Carrier: Query,
		Origin: "https://app.example.com", Outcome: Allowed, Verdict: VerdictTrusted, Reason: "trusted", DomainID: 7, Token: "tok_7", Status: 200,
		Headers: []string{"authorization", "x-foo"}, ContentType: "application/json", Cookie: true, FetchMode: "cors", FetchSite: "cross-site",
		Answer: []Field{
			{"Access-Control-Allow-Origin", "https://app.example.com"},
			{"Access-Control-Allow-Origin", "*"},
			{"Access-Control-Allow-Origin", ""},
			{"Access-Control-Allow-Origin", ""},
			{"Access-Control-Expose-Headers", "*"},
			{"Vary", "Origin"},
		},
	})
}

func TestOutcomes(t *testing.T) {
	for _, test := range []struct {
		name    string
		o       Observation
		outcome Outcome
		verdict Verdict
	}{
		{"not judged", Observation{Refused: true, Reason: "bad-request"}, Refused, VerdictNone},
		{"no origin", Observation{Judged: true, Verdict: gate.NoOrigin}, Allowed, VerdictNoOrigin},
		{"own", Observation{Judged: true, Verdict: gate.Own}, Allowed, VerdictOwn},
		{"trusted, with an unknown token", Observation{Judged: true, Verdict: gate.Trusted, Refused: true}, Refused, VerdictTrusted},
		{"trusted, and the upstream is down", Observation{Judged: true, Verdict: gate.Trusted, Failed: true, Refused: true}, Failed, VerdictTrusted},
		{"exempt", Observation{Judged: true, Verdict: gate.Exempt}, Allowed, VerdictExempt},
		{"observed", Observation{Judged: true, Verdict: gate.Observed}, Observed, VerdictObserved},
		{"observed, with a token that is ours", Observation{Judged: true, Verdict: gate.Observed, Refused: true}, Refused, VerdictObserved},
		{"refused", Observation{Judged: true, Refused: true}, Refused, VerdictRefused},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.o.Time = noon
			e := newest(t, New(Config{}), test.o)
			if e.Outcome != test.outcome || e.Verdict != test.verdict {
				t.Errorf("%s, %q, want %s, %q", e.Outcome, e.Verdict, test.outcome, test.verdict)
			}
		})
	}
}

// What the names of a request's fields are: those that a script has set and that a
// browser would have asked for.
func TestUnsafeHeaders(t *testing.T) {
	for _, test := range []struct {
		name, value string
		carrier     Carrier
		want        []string
	}{
		{"Authorization", "Bearer x", Ordinary, []string{"authorization"}},
		{"Content-Type", "application/json", Ordinary, []string{"content-type"}},
		{"Content-Type", "text/plain;charset=UTF-8", Ordinary, nil},
		{"Content-Type", "Multipart/Form-Data; boundary=x", Ordinary, nil},
		{"Content-Type", "text/plain", Text, nil},
		{"Range", "bytes=0-", Ordinary, nil},
		{"Range", "bytes=0-1,3-4", Ordinary, []string{"range"}},
		{"Sec-Fetch-Mode", "cors", Ordinary, nil},
		{"X-Forwarded-For", "192.0.2.1", Ordinary, nil},
		{"X-Requested-With", "XMLHttpRequest", Ordinary, []string{"x-requested-with"}},
		{"If-Match", `"a"`, Ordinary, []string{"if-match"}},
		{"X-Requested-With", "XMLHttpRequest", Form, nil},
	} {
		t.Run(test.name+" "+test.value, func(t *testing.T) {
			o := call()
			o.Header, o.Carrier = http.Header{test.name: {test.value}, "Accept": {"*/*"}}, test.carrier
			same(t, newest(t, New(Config{}), o).Headers, test.want)
		})
	}
}

// The usual names are all found at once, and are nothing but browsers' names.
func TestUsualNames(t *testing.T) {
	found := 0
	for i, name := range usual {
		if name == "" {
			continue
		}
		found++
		if int(usualAt(name)) != i || !isBrowsers(name) {
			t.Errorf("%s", name)
		}
	}
	same(t, found, 21) // fewer, and two of them share a place
}

// A preflight and the request behind it know each other: of the same origin, method and
// path, within the window, once.
func TestJoin(t *testing.T) {
	preflight := asking()
	request := call()
	request.Method, request.Time = "PATCH", noon.Add(time.Second)
	for _, test := range []struct {
		name   string
		change func(*Observation)
		joined bool
	}{
		{"the request behind it", func(*Observation) {}, true},
		{"refused all the same", func(o *Observation) { o.Refused, o.Reason = true, gate.TokenUnknown }, true},
		{"another origin", func(o *Observation) { o.Origin = "https://other.example.com" }, false},
		{"another method", func(o *Observation) { o.Method = "PUT" }, false},
		{"another path", func(o *Observation) { o.Path += "x" }, false},
		{"unwrapped", func(o *Observation) { o.Carrier = Query }, false},
		{"too late", func(o *Observation) { o.Time = noon.Add(JoinWindow + time.Minute) }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := New(Config{})
			asked := newest(t, r, preflight)
			o := request
			test.change(&o)
			got := newest(t, r, o)
			asked, _ = r.At(DefaultSite).Get(asked.ID)
			if (got.Joined == asked.ID) != test.joined || (asked.Joined == got.ID) != test.joined {
				t.Errorf("joined: %s with %s, %s with %s", asked.ID, asked.Joined, got.ID, got.Joined)
			}
			if again := newest(t, r, o); again.Joined != 0 {
				t.Error("a second request was joined, too")
			}
		})
	}
}

func TestRefusedPreflightIsNotJoined(t *testing.T) {
	r := New(Config{})
	o := asking()
	o.Refused, o.Reason = true, gate.HeaderNotAllowed
	r.Record(&o)
	request := call()
	request.Method = "PATCH"
	if e := newest(t, r, request); e.Joined != 0 {
		t.Error("joined with a preflight that was refused")
	}
}

// However much ordinary traffic there is, what was refused and what was asked stays.
func TestOrdinaryTrafficWashesNothingAway(t *testing.T) {
	r := New(Config{Exchanges: 20})
	refused, ordinary := turnedAway(), call()
	r.Record(&refused)
	for range 1000 {
		r.Record(&ordinary)
	}
	all := r.At(DefaultSite).List(Filter{}, 0, 100)
	if len(all) != 11 || all[10].Outcome != Refused {
		t.Errorf("%d exchanges are remembered, the last of them %s", len(all), all[len(all)-1].Outcome)
	}
	for i, e := range all[1:10] {
		if e.ID != all[i].ID-1 {
			t.Errorf("%s follows %s", e.ID, all[i].ID)
		}
	}
}

func TestListAndFilter(t *testing.T) {
	r := New(Config{})
	refused, preflight, request := turnedAway(), asking(), call()
	request.Token = "tok_7"
	for _, o := range []*Observation{&refused, &preflight, &request} {
		r.Record(o)
	}
	yes, no := true, false
	for _, test := range []struct {
		name string
		f    Filter
		want int // bits: 1 refused, 2 preflight, 4 request
	}{
		{"all", Filter{}, 7},
		{"outcome", Filter{Outcome: Refused}, 1},
		{"reason", Filter{Reason: gate.ReasonTrusted}, 6},
		{"a part of the origin", Filter{Origin: "EXAMPLE.net"}, 1},
		{"method", Filter{Method: "OPTIONS"}, 2},
		{"token", Filter{Token: "tok_7"}, 4},
		{"preflights", Filter{Preflight: &yes}, 2},
		{"others", Filter{Preflight: &no}, 5},
		{"path", Filter{Path: "/api/"}, 7},
		{"another path", Filter{Path: "/v2"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := 0
			for _, e := range r.At(DefaultSite).List(test.f, 0, 10) {
				got |= 1 << (e.ID - r.first - 1)
			}
			if got != test.want {
				t.Errorf("%b, want %b", got, test.want)
			}
		})
	}
	if page := r.At(DefaultSite).List(Filter{}, r.last(), 1); len(page) != 1 || page[0].ID != r.last()-1 {
		t.Errorf("the page before the last: %v", page)
	}
}

// Texts are cut to size, and the whole fits whatever is sent.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("äbc/", 3000)
	o := asking()
	o.Method, o.Effective, o.Host, o.Path, o.Origin, o.RequestMethod, o.ContentType = long, long, long, long, long, long, long
	o.RequestHeaders = []string{strings.Repeat("x-long-name,", 1000), long}
	o.Answer.AllowHeaders, o.Answer.Header["Vary"] = long, []string{long, long}
	e := newest(t, New(Config{}), o)
	for what, text := range map[string]struct {
		text string
		most int
	}{
		"method": {e.Method, maxName}, "effective": {e.Effective, maxName}, "host": {e.Host, maxHost}, "path": {e.Path, maxPath},
		"origin": {e.Origin, maxOriginText}, "requested": {strings.Join(e.Requested.Headers, "\n"), maxNames},
	} {
		if len(text.text) > text.most || text.text == "" {
			t.Errorf("%s: %d bytes", what, len(text.text))
		}
	}
	if !strings.HasSuffix(e.Path, Ellipsis) {
		t.Errorf("nothing says that it was cut: %s", e.Path)
	}
	o = call()
	o.Header = http.Header{}
	for i := range 200 {
		o.Header[fmt.Sprintf("X-Header-%d", i)] = []string{"x"}
	}
	if e := newest(t, New(Config{}), o); len(e.Headers) == 0 || len(e.Headers) > maxUnsafe {
		t.Errorf("%d names", len(e.Headers))
	}
}

// No shape of a token is remembered, wherever it stands.
func TestTokensAreCut(t *testing.T) {
	const secret = "0123456789abcdef0123"
	for _, shape := range []string{"cgt_" + secret, "cgk%5F" + secret, "x/token=" + secret, "Bearer " + secret} {
		o := asking()
		o.Method, o.Effective, o.Host, o.Path, o.RequestMethod = shape, shape, shape, "/"+shape, shape
		o.Origin, o.Verdict, o.Reason, o.Refused = shape, gate.Refused, gate.OriginNotTrusted, true
		o.RequestHeaders = []string{"a," + shape, shape}
		o.Answer.AllowOrigin, o.Answer.AllowHeaders = shape, shape
		o.Answer.Header = http.Header{"Vary": {shape}, "Access-Control-Allow-Origin": {shape}, "Access-Control-Allow-Headers": {shape}}
		granted := o
		granted.Answer.Settled = false
		granted.Refused, granted.Verdict, granted.Reason = false, gate.Observed, gate.OriginNotTrusted
		allowed := asking()
		allowed.RequestHeaders, allowed.RequestMethod = o.RequestHeaders, shape
		r := New(Config{})
		for _, o := range []*Observation{&o, &granted, &allowed} {
			r.Record(o)
		}
		counted := taken(r)
		all := fmt.Sprintf("%+v %+v %+v", r.At(DefaultSite).List(Filter{}, 0, 10), r.At(DefaultSite).SeenOrigins(), counted.traffic())
		if strings.Contains(all, secret) || !strings.Contains(all, "[cut]") {
			t.Errorf("%s: %s", shape, all)
		}
	}
}

func TestIDs(t *testing.T) {
	id := ID(1_900_000_000_000_123)
	got, err := ParseID(id.String())
	if err != nil || got != id || len(id.String()) > 11 {
		t.Errorf("%s is %d, %v", id, got, err)
	}
	for _, wrong := range []string{"", "0", "-1", "ä", "1 ", strings.Repeat("z", 40)} {
		if _, err := ParseID(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
	now := noon
	clock := func() time.Time { return now }
	before := New(Config{Now: clock})
	o := call()
	for range 100 {
		before.Record(&o)
	}
	now = now.Add(time.Second)
	if after := New(Config{Now: clock}); after.last() <= before.last() {
		t.Error("a later process gives lower IDs")
	}
}

// Whoever is slow misses some exchanges, and no request waits for them.
func TestSubscribe(t *testing.T) {
	r := New(Config{})
	ctx, cancel := contextOf(t)
	refusals, ok := r.At(DefaultSite).Subscribe(ctx, Filter{Outcome: Refused})
	if !ok {
		t.Fatal("no place")
	}
	refused, allowed := turnedAway(), call()
	for range 10 * subscriberQueue {
		r.Record(&allowed)
		r.Record(&refused)
	}
	if len(refusals) != subscriberQueue {
		t.Errorf("%d wait, want %d", len(refusals), subscriberQueue)
	}
	if e := <-refusals; e.Outcome != Refused || e.ID != r.first+2 {
		t.Errorf("got %+v", e)
	}
	for range MaxSubscribers - 1 {
		if _, ok := r.At(DefaultSite).Subscribe(ctx, Filter{}); !ok {
			t.Fatal("too few places")
		}
	}
	if _, ok := r.At(DefaultSite).Subscribe(ctx, Filter{}); ok {
		t.Error("too many places")
	}
	cancel()
	for range refusals { // until it is closed
	}
	for len(r.subscribers.all()) > 0 {
		runtime.Gosched()
	}
	r.Record(&refused)
}

// A request on its way finds no lock that is held for long, and nothing is torn.
func TestConcurrently(t *testing.T) {
	r := New(Config{Exchanges: 64})
	ctx, cancel := contextOf(t)
	told, _ := r.At(DefaultSite).Subscribe(ctx, Filter{})
	var working sync.WaitGroup
	working.Go(func() {
		for e := range told {
			if e.Origin == "" {
				t.Error("an exchange without an origin")
			}
		}
	})
	const each = 2000
	var recording sync.WaitGroup
	for _, kind := range []func() Observation{call, asking, turnedAway} {
		recording.Go(func() {
			o := kind()
			for i := range each {
				o.Path = fmt.Sprintf("/%d", i%7)
				r.Record(&o)
			}
		})
	}
	for range 20 {
		for _, e := range r.At(DefaultSite).List(Filter{}, 0, 100) {
			if (e.Outcome == Refused) != (e.Origin == "https://app.example.net") {
				t.Errorf("a mixture: %+v", e)
			}
		}
		r.At(DefaultSite).Series(LastDay)
		r.At(DefaultSite).SeenOrigins()
	}
	recording.Wait()
	cancel()
	working.Wait()
	if all := taken(r); all.all() != 3*each {
		t.Errorf("counted %d", all.all())
	}
}

// A request that is remembered costs no allocation, once its origin is known.
func TestRecordAllocatesNothing(t *testing.T) {
	for name, kind := range map[string]func() Observation{"call": call, "preflight": asking, "refused": turnedAway} {
		r, o := New(Config{}), kind()
		r.Record(&o)
		if n := testing.AllocsPerRun(100, func() { r.Record(&o) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestNilRecorder(t *testing.T) {
	var r *Recorder
	o := call()
	r.Record(&o)
	if _, ok := r.At(DefaultSite).Subscribe(t.Context(), Filter{}); ok || r.At(DefaultSite).List(Filter{}, 0, 1) != nil || r.At(DefaultSite).SeenOrigins() != nil || r.Flush(t.Context(), nil) != nil || r.Recall(t.Context(), DefaultSite) != nil {
		t.Error("a nil Recorder remembers something")
	}
}

// taken is what was counted of the default site and is not written down.
func taken(r *Recorder) pending {
	r.At(DefaultSite).Series(LastDay)
	return r.settler.books.home.history.take()
}

// all is how many exchanges were counted and are not written down.
func (p *pending) all() (n uint64) {
	for _, c := range p.minutes {
		n += c.All()
	}
	return n
}

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, cancel
}
