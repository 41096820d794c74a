package control

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

var keptNoon = time.Date(2030, 5, 17, 12, 0, 0, 0, time.UTC)

// aWorld is a small world with something of everything.
func aWorld(t testing.TB) *world {
	t.Helper()
	domain := func(text string) trust.Domain {
		d, err := trust.ParseDomain(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	plain := &sitePolicy{Policy: DefaultPolicy()}
	own := &sitePolicy{Policy: DefaultPolicy(), sealed: []byte("sealed")}
	own.Exempt, own.Expose, own.UpstreamCredential = []gate.ExemptPath{{Method: "GET", Path: "/open"}}, []string{}, credentialSet
	some := (&grants{}).edit()
	some.put(token.Digest{1, 2}, &token.Grant{ID: "tok_a", Subject: "app", Revoked: true})
	some.put(token.Digest{3}, &token.Grant{
		ID: "tok_b", Methods: []string{"GET"}, PathPrefix: "/v1", Servers: true, Expires: keptNoon,
		Domains: []trust.Domain{domain("*.example.org")}, QueryCarrier: token.QueryRead,
	})
	states := map[int64]*siteState{
		1: {site: &Site{ID: 1, Name: DefaultSite, Enabled: true}, policy: plain, grants: some.done(), list: trust.NewSet([]trust.Entry{
			{ID: 7, Domain: domain("app.example.com"), Disabled: true, Expires: keptNoon},
			{ID: 8, Domain: domain("*.bücher.example")},
		})},
		5: {site: &Site{
			ID: 5, Name: "shop", Addresses: []string{"https://shop.example.com/v2"}, Upstreams: []string{"http://127.0.0.1:1"},
			HealthPath: "/health", CreatedAt: keptNoon, CreatedBy: "anna", Version: 3,
		}, policy: own, grants: nothing, list: nobody},
		6: {site: &Site{ID: 6, Name: "third"}, policy: plain, grants: nothing, list: nobody},
	}
	return &world{head: Head{42, "change"}, whole: true, sites: newSites(states), tickets: []byte("keys"), sealed: true}
}

// told is a world in words, in one order.
func told(w *world) string {
	var b strings.Builder
	fmt.Fprintln(&b, w.head, w.whole, w.sealed, string(w.tickets))
	for _, id := range []int64{1, 5, 6, 7} {
		state, ok := w.sites.get(id)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%#v\n%#v\n", *state.site, *state.policy)
		for _, text := range []string{"app.example.com", "*.bücher.example"} {
			d, _ := trust.ParseDomain(text)
			if e := state.list.Get(d); e != nil {
				fmt.Fprintf(&b, "%#v\n", *e)
			}
		}
		fmt.Fprintln(&b, state.list.Len(), state.grants.len())
		for _, d := range []token.Digest{{1, 2}, {3}} {
			if g, ok := state.grants.Grant(d); ok {
				fmt.Fprintf(&b, "%#v\n", *g)
			}
		}
	}
	return b.String()
}

func TestKeptWorldComesBackAsItWas(t *testing.T) {
	w := aWorld(t)
	var b bytes.Buffer
	if err := writeWorld(&b, "database", w); err != nil {
		t.Fatal(err)
	}
	title, got, err := readKeptWorld(&b)
	if err != nil || title.Database != "database" {
		t.Fatalf("%+v, %v", title, err)
	}
	if told(got) != told(w) {
		t.Errorf("it comes back as\n%s, want\n%s", told(got), told(w))
	}
}

// Every field of an entry and a grant is kept, also those that will be added one day.
func TestKeptRecordsAreWhole(t *testing.T) {
	var e trust.Entry
	var g token.Grant
	for _, v := range []reflect.Value{reflect.ValueOf(&e).Elem(), reflect.ValueOf(&g).Elem()} {
		for i := range v.NumField() {
			fill(t, v.Type().Field(i).Name, v.Field(i))
		}
	}
	gotEntry, err := readEntry(appendEntry(nil, &e))
	if err != nil || !reflect.DeepEqual(gotEntry, e) {
		t.Errorf("%+v, %v; want %+v", gotEntry, err, e)
	}
	d, gotGrant, err := readGrant(appendGrant(nil, token.Digest{9}, &g))
	if err != nil || d != (token.Digest{9}) || !reflect.DeepEqual(*gotGrant, g) {
		t.Errorf("%+v, %v; want %+v", gotGrant, err, g)
	}
}

// fill gives a field a value that is not its zero.
func fill(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	d, err := trust.ParseDomain("app.example.com")
	if err != nil {
		t.Fatal(err)
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(keptNoon))
	case trust.Domain:
		v.Set(reflect.ValueOf(d))
	case []trust.Domain:
		v.Set(reflect.ValueOf([]trust.Domain{d, d}))
	case []string:
		v.Set(reflect.ValueOf([]string{"GET", "PUT"}))
	default:
		switch v.Kind() {
		case reflect.Bool:
			v.SetBool(true)
		case reflect.String:
			v.SetString("text")
		case reflect.Int64:
			v.SetInt(7)
		default:
			t.Fatalf("the field %s is of a kind that is not kept", name)
		}
	}
}

// aKeeper has kept a world in a folder, and is closed.
func aKeeper(t *testing.T, w *world) *keeper {
	t.Helper()
	k := newKeeper(Keep{File: filepath.Join(t.TempDir(), "a.snapshot"), Database: "a"}, func() time.Time { return keptNoon })
	if err := k.begin(); err != nil {
		t.Fatal(err)
	}
	k.announce(t.Context(), w.head, keptNoon)
	k.keep(w)
	k.writeDown()
	if err := k.trouble(); err != nil || k.keptAt() != keptNoon {
		t.Fatalf("%v, kept at %s", err, k.keptAt())
	}
	k.close()
	return k
}

// another keeper for the same file, as of another process.
func (k *keeper) another(now time.Time) *keeper {
	next := newKeeper(k.Keep, func() time.Time { return now })
	next.Database = k.Database
	return next
}

// started starts from the disk in another process.
func (k *keeper) started(now time.Time) (*world, error) {
	next := k.another(now)
	defer next.close()
	w, _, err := next.load()
	return w, err
}

// Whatever byte of either file is changed, wherever it is cut: nothing is started from
// (promise P2).
func TestDamagedSnapshotIsNotStartedFrom(t *testing.T) {
	w := aWorld(t)
	k := aKeeper(t, w)
	got, err := k.started(keptNoon)
	if err != nil || told(got) != told(w) {
		t.Fatalf("%v", err)
	}
	for _, name := range []string{k.File, k.File + keepHead} {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		refused := func(what string, at int, text []byte) {
			t.Helper()
			if err := os.WriteFile(name, text, keptMode); err != nil {
				t.Fatal(err)
			}
			if _, err := k.started(keptNoon); err == nil {
				t.Errorf("%s, %s at %d: it is started from", filepath.Base(name), what, at)
			}
		}
		for i := range whole {
			refused("cut", i, whole[:i])
			flipped := bytes.Clone(whole)
			flipped[i] ^= 1 << (i % 8)
			refused("a bit flipped", i, flipped)
		}
		refused("something behind it", len(whole), append(bytes.Clone(whole), '\n'))
		refused("zeros", 0, make([]byte, len(whole)))
		if err := os.WriteFile(name, whole, keptMode); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := k.started(keptNoon); err != nil {
		t.Errorf("put right again it is not started from: %v", err)
	}
}

func TestSnapshotsOfNoUse(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(t *testing.T, k *keeper) time.Time
		want   string
	}{
		{"too old", func(*testing.T, *keeper) time.Time { return keptNoon.Add(DefaultKeepAge + time.Second) }, "--snapshot-max-age"},
		{"from the future", func(*testing.T, *keeper) time.Time { return keptNoon.Add(-time.Hour) }, "clock"},
		{"of another database", func(_ *testing.T, k *keeper) time.Time { k.Database = "b"; return keptNoon }, "another database"},
		{"of an earlier revision than was served", func(t *testing.T, k *keeper) time.Time {
			next := k.another(keptNoon)
			defer next.close()
			if err := next.begin(); err != nil {
				t.Fatal(err)
			}
			next.announce(t.Context(), Head{43, "next"}, keptNoon)
			return keptNoon
		}, "has served revision 43"},
		{"of the same revision of another history", func(t *testing.T, k *keeper) time.Time {
			next := k.another(keptNoon)
			defer next.close()
			if err := next.begin(); err != nil {
				t.Fatal(err)
			}
			next.announce(t.Context(), Head{42, "other"}, keptNoon)
			return keptNoon
		}, "has served revision 42"},
		{"gone", func(t *testing.T, k *keeper) time.Time { return without(t, k.File) }, "there is none"},
		{"without its head", func(t *testing.T, k *keeper) time.Time { return without(t, k.File+keepHead) }, "which revision"},
		{"that others may write", func(t *testing.T, k *keeper) time.Time {
			if err := os.Chmod(k.File, 0o666); err != nil {
				t.Fatal(err)
			}
			return keptNoon
		}, "chmod 600"},
		{"that another process has", func(t *testing.T, k *keeper) time.Time {
			other := k.another(keptNoon)
			t.Cleanup(other.close)
			if err := other.begin(); err != nil {
				t.Fatal(err)
			}
			return keptNoon
		}, "another process"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := aKeeper(t, aWorld(t))
			_, err := k.started(test.change(t, k))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

func without(t *testing.T, name string) time.Time {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	return keptNoon
}

// What can be read by others is taken away from them; nobody else could read it before.
func TestSnapshotIsItsOwnersAlone(t *testing.T) {
	k := aKeeper(t, aWorld(t))
	for _, name := range []string{k.File, k.File + keepHead} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != keptMode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if err := os.Chmod(k.File, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := k.started(keptNoon); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(k.File); err != nil || info.Mode().Perm() != keptMode {
		t.Errorf("afterwards: %v, %v", info.Mode(), err)
	}
}

// A head that cannot be written ends the use of the snapshot, and nothing else.
func TestHeadThatCannotBeWritten(t *testing.T) {
	k := aKeeper(t, aWorld(t))
	next := k.another(keptNoon)
	if _, _, err := next.load(); err != nil {
		t.Fatal(err)
	}
	next.file.Close()
	next.announce(t.Context(), Head{43, "next"}, keptNoon)
	if next.trouble() == nil || !next.keptAt().IsZero() {
		t.Errorf("trouble %v, kept at %s", next.trouble(), next.keptAt())
	}
	if _, err := os.Stat(k.File); err == nil {
		t.Error("the snapshot is still there")
	}
	if w, err := k.started(keptNoon); err == nil {
		t.Errorf("it is started from: %v", w.head)
	}
}

// A snapshot that is read while the database comes back takes nothing back of what was
// announced meanwhile: neither is the earlier head written again, nor is the later world
// left without its own.
func TestLoadingTakesNoHeadBack(t *testing.T) {
	w := aWorld(t)
	k := aKeeper(t, w)
	next := k.another(keptNoon)
	if err := next.begin(); err != nil {
		t.Fatal(err)
	}
	later := *w
	later.head = Head{43, "next"}
	next.clock = func() time.Time { // the head was read by now, and the world was not
		next.announce(t.Context(), later.head, keptNoon)
		return keptNoon
	}
	if _, _, err := next.load(); err != nil {
		t.Fatal(err)
	}
	if w, err := unlocked(k, next); err == nil {
		t.Errorf("revision %d was announced, and %d is started from", later.head.Revision, w.head.Revision)
	}
	next.begin()
	next.keep(&later)
	next.writeDown()
	if got := next.keptAt(); got != keptNoon {
		t.Errorf("what is kept is current at %s", got)
	}
	if got, err := unlocked(k, next); err != nil || got.head != later.head {
		t.Errorf("started from %v: %v", got, err)
	}
}

// unlocked starts from the disk as if the process that keeps it had ended.
func unlocked(k, of *keeper) (*world, error) {
	of.close()
	return k.started(keptNoon)
}

// Of heads that are announced in a row the last one is on the disk, and a world is kept
// with its own head alone.
func TestLatestHeadIsKept(t *testing.T) {
	w := aWorld(t)
	k := aKeeper(t, w)
	next := k.another(keptNoon)
	if _, _, err := next.load(); err != nil {
		t.Fatal(err)
	}
	for i := range int64(20) {
		next.announce(t.Context(), Head{43 + i, "next"}, keptNoon)
	}
	if !next.keptAt().IsZero() {
		t.Error("it says that it is current")
	}
	later := *w
	later.head = Head{62, "next"}
	next.keep(&later)
	next.writeDown()
	next.confirm(later.head, keptNoon.Add(time.Hour))
	next.announce(t.Context(), later.head, keptNoon)
	next.close()
	got, confirmed, err := k.another(keptNoon.Add(24 * time.Hour)).load()
	if err != nil || got.head != later.head || confirmed.Before(keptNoon) {
		t.Errorf("%v, %s, %v", got, confirmed, err)
	}
}

// FuzzKeptWorld: whatever is in the file, reading it ends, and what is read as a record
// is a whole one.
func FuzzKeptWorld(f *testing.F) {
	var b bytes.Buffer
	if err := writeWorld(&b, "a", aWorld(f)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, w, err := readKeptWorld(bytes.NewReader(text)); err == nil && !w.whole {
			t.Error("a part of a world is read")
		}
		if e, err := readEntry(text); err == nil {
			if again, err := readEntry(appendEntry(nil, &e)); err != nil || again != e {
				t.Errorf("%+v is written and read as %+v, %v", e, again, err)
			}
		}
		if d, g, err := readGrant(text); err == nil {
			if _, again, err := readGrant(appendGrant(nil, d, g)); err != nil || !reflect.DeepEqual(again, g) {
				t.Errorf("%+v is written and read as %+v, %v", g, again, err)
			}
		}
	})
}
