package inspector

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/inspect"
)

// A view is a live view that is open.
type view struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
	ended bool
}

// watch opens a live view, in a bubble of [synctest].
func watch(t *testing.T, mux http.Handler, query, seen string) *view {
	ctx, cancel := context.WithCancel(t.Context())
	v := &view{ResponseRecorder: httptest.NewRecorder(), leave: cancel}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+streamPath+query, nil)
	r.AddCookie(&http.Cookie{Name: guard.CookieName, Value: "x"})
	if seen != "" {
		r.Header.Set("Last-Event-ID", seen)
	}
	go func() {
		mux.ServeHTTP(v, r)
		v.ended = true
	}()
	synctest.Wait()
	return v
}

// later lets some time pass.
func later(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// rows counts the rows that were sent, by the ids of their exchanges.
func (v *view) rows() string {
	var ids []string
	for part := range strings.SplitSeq(v.Body.String(), `<tr id="x-`) {
		if id, _, found := strings.Cut(part, `"`); found {
			ids = append(ids, id)
		}
	}
	return strings.Join(ids[1:], " ")
}

func exchange(id inspect.ID, path string) inspect.Exchange {
	return inspect.Exchange{
		ID: id, Time: time.Now(), Method: "GET", Effective: "GET", Scheme: "http", Host: "localhost:8080", Path: path,
		Outcome: inspect.Allowed, Verdict: inspect.VerdictTrusted, Reason: "trusted", Origin: "https://app.example.com", Status: 200, DomainID: 7,
	}
}

func TestStreamSendsWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.add(exchange(1, "/before"), exchange(2, "/seen"))
		mux := newTestMux(t, m, &desk{})
		v, one := watch(t, mux, "?after=1", ""), watch(t, mux, "?path=/wanted", "")
		defer v.leave()
		defer one.leave()
		if got := v.Header().Get("Content-Type"); got != "text/event-stream" {
			t.Errorf("the type is %s", got)
		}
		if got := v.rows(); got != "2" {
			t.Errorf("after 1 came %s", got)
		}
		refused := exchange(4, "/wanted")
		refused.Outcome = inspect.Refused
		m.add(exchange(3, "/other"), refused)
		later(lookEvery)
		if got := v.rows(); got != "2 4 3" {
			t.Errorf("got %s", got)
		}
		if got := one.rows(); got != "4" {
			t.Errorf("the filter lets %s pass", got)
		}
		for _, want := range []string{"event: rows\n", "id: 4\n", `data-said="2 new requests, 1 refused"`} {
			if !strings.Contains(v.Body.String(), want) {
				t.Errorf("%q is not in\n%s", want, v.Body)
			}
		}
		// What gets its ID first and is remembered last is not left out.
		m.add(exchange(6, "/quick"))
		later(lookEvery)
		m.change(func(kept []inspect.Exchange) []inspect.Exchange {
			return slices.Insert(kept, 4, exchange(5, "/slow"))
		})
		later(2 * lookEvery)
		if got := v.rows(); got != "2 4 3 6 5" {
			t.Errorf("got %s", got)
		}
	})
}

// A request takes the place of its preflight.
func TestStreamJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		v := watch(t, newTestMux(t, m, &desk{}), "", "")
		defer v.leave()
		asked, request := exchange(2, "/"), exchange(3, "/")
		asked.Preflight = true
		m.add(asked)
		later(lookEvery)
		if got := v.rows(); got != "2" {
			t.Errorf("got %s", got)
		}
		request.Joined = 2
		m.change(func(kept []inspect.Exchange) []inspect.Exchange {
			kept[0].Joined = 3
			return append(kept, request)
		})
		later(lookEvery)
		if got := v.rows(); got != "2 3" || !strings.Contains(v.Body.String(), `id="x-3" data-joins="2"`) {
			t.Errorf("got %s", got)
		}
	})
}

// The header of a browser that comes back counts, and not the address that it first had.
func TestStreamGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.add(exchange(1, "/"), exchange(2, "/"), exchange(3, "/"))
		v := watch(t, newTestMux(t, m, &desk{}), "?after=1", "2")
		defer v.leave()
		if got := v.rows(); got != "3" {
			t.Errorf("got %s", got)
		}
	})
}

// A view looks at what has come since its last look, however little its filter shows and
// however much is remembered.
func TestStreamLooksAtWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		for i := range 10_000 {
			m.add(exchange(inspect.ID(i+1), "/"))
		}
		mux := newTestMux(t, m, &desk{})
		for _, query := range []string{"?path=/nothing", "?preflight=yes", "?method=PUT", "?after=10000"} {
			v := watch(t, mux, query, "")
			defer v.leave()
		}
		m.wasRead()
		for range 3 {
			last := m.Last()
			m.add(exchange(last+1, "/"), exchange(last+2, "/"))
			later(lookEvery)
			if read, most := m.wasRead(), 4*(2+slack); read == 0 || read > most {
				t.Errorf("%d exchanges were looked at, of which 2 are new", read)
			}
		}
		later(lookEvery) // for what comes late
		m.wasRead()
		if later(3 * lookEvery); m.wasRead() != 0 {
			t.Error("it looks where nothing has come")
		}
	})
}

// Who comes back with an ID that no exchange has yet sees what comes.
func TestStreamAfterTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.add(exchange(1, "/"))
		v := watch(t, newTestMux(t, m, &desk{}), "", "9999")
		defer v.leave()
		m.add(exchange(2, "/"))
		later(lookEvery)
		if got := v.rows(); got != "2" {
			t.Errorf("got %s", got)
		}
	})
}

func TestStreamSendsTheNewestOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		v := watch(t, newTestMux(t, m, &desk{}), "", "")
		defer v.leave()
		for i := range 5000 {
			m.add(exchange(inspect.ID(i+2), "/"))
		}
		later(lookEvery)
		body := v.Body.String()
		if n := strings.Count(body, "<tr "); n != pageSize || !strings.Contains(body, " data-more") || len(body) > maxPage {
			t.Errorf("%d rows, %d bytes", n, len(body))
		}
	})
}

func TestStreamEnds(t *testing.T) {
	t.Run("with the session", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := &desk{}
			v := watch(t, newTestMux(t, &memory{}, d), "", "")
			later(10 * sessionEvery)
			if v.ended || !strings.Contains(v.Body.String(), "\n:\n") {
				t.Fatal("it ended early, or was silent for too long")
			}
			d.endSession()
			later(sessionEvery)
			if !v.ended || !strings.Contains(v.Body.String(), "event: ended\ndata: signed-out\n\n") {
				t.Errorf("ended %t\n%s", v.ended, v.Body)
			}
			v.leave()
		})
	})
	t.Run("with the browser", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			v := watch(t, newTestMux(t, &memory{}, &desk{}), "", "")
			v.leave()
			synctest.Wait()
			if !v.ended {
				t.Error("it goes on")
			}
		})
	})
}

func TestStreamsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mux := newTestMux(t, &memory{}, &desk{})
		var open []*view
		for range maxStreamsOfSession {
			open = append(open, watch(t, mux, "", ""))
		}
		one := watch(t, mux, "", "")
		if one.Code != http.StatusTooManyRequests || !one.ended {
			t.Errorf("status %d", one.Code)
		}
		open[0].leave()
		synctest.Wait()
		again := watch(t, mux, "", "")
		if again.Code != http.StatusOK || again.ended {
			t.Errorf("status %d", again.Code)
		}
		for _, v := range append(open, one, again) {
			v.leave()
		}
	})
	var all streams
	for i := range maxStreams {
		if !all.enter(string(rune('a' + i))) {
			t.Fatalf("only %d", i)
		}
	}
	if all.enter("one more") {
		t.Error("more than there is room for")
	}
	all.leave("a")
	if !all.enter("one more") || len(all.bySession) != maxStreams {
		t.Error("a place was not given back")
	}
}
