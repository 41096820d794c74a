package control

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// However many names are guessed, the memory of them is bounded.
func TestAttemptsAreBounded(t *testing.T) {
	a, now := newAttempts(maxAddressDelay), time.Unix(1e9, 0)
	for range freeAttempts + 3 {
		a.begin("blocked", now)
	}
	for i := range maxAttemptKeys + 100 {
		a.begin(fmt.Sprint(i), now)
	}
	if n := len(a.byKey); n > maxAttemptKeys {
		t.Errorf("%d keys are remembered, want at most %d", n, maxAttemptKeys)
	}
	if a.begin("blocked", now) == 0 {
		t.Error("a flood of other names made a waiting one be forgotten")
	}
	if wait := a.begin("blocked", now.Add(2*attemptsForgot)); wait != 0 {
		t.Errorf("after hours it still waits for %v", wait)
	}
}

func TestDelays(t *testing.T) {
	a := newAttempts(maxAccountDelay)
	for count, want := range map[int]time.Duration{
		1: 0, freeAttempts: 0,
		freeAttempts + 1: time.Second, freeAttempts + 2: 2 * time.Second, freeAttempts + 5: 16 * time.Second,
		freeAttempts + 6: maxAccountDelay, 1 << 40: maxAccountDelay,
	} {
		if got := a.delay(count); got != want {
			t.Errorf("after %d attempts the wait is %v, want %v", count, got, want)
		}
	}
}

// An unknown account costs what a known one does: its decoy has the same
// parameters, and no password that anybody knows.
func TestDecoy(t *testing.T) {
	p := newPasswords(func(b []byte) { copy(b, "seventeen random bytes at least") })
	stored, err := p.hash(t.Context(), "correct donkey battery")
	if err != nil {
		t.Fatal(err)
	}
	if cost := strings.Split(stored, "$")[:4]; strings.Join(cost, "$") != strings.Join(strings.Split(p.decoy, "$")[:4], "$") || len(stored) != len(p.decoy) {
		t.Errorf("the decoy %s does not cost what %s does", p.decoy, stored)
	}
}

func TestStoredPasswords(t *testing.T) {
	p := newPasswords(func(b []byte) { copy(b, "some salt of sixteen") })
	good, err := p.hash(t.Context(), "correct donkey battery")
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Split(good, "$")
	with := func(i int, text string) string {
		changed := append([]string(nil), fields...)
		changed[i] = text
		return strings.Join(changed, "$")
	}
	tests := []struct {
		name, stored string
		ok           bool
	}{
		{"as stored", good, true},
		{"nothing", "", false},
		{"another function", with(1, "argon2i"), false},
		{"another version", with(2, "v=16"), false},
		{"no parameters", with(3, ""), false},
		{"no passes", with(3, "m=19456,t=0,p=1"), false},
		{"no threads", with(3, "m=19456,t=2,p=0"), false},
		{"all the memory", with(3, "m=4294967295,t=2,p=1"), false},
		{"all the time", with(3, "m=19456,t=4294967295,p=1"), false},
		{"bad base64", with(4, "!"), false},
		{"an empty key", with(5, ""), false},
		{"a short key", with(5, "AAAA"), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			right, err := p.check(t.Context(), "correct donkey battery", test.stored)
			if right != test.ok || (err == nil) != test.ok {
				t.Errorf("right %v, error %v; want %v", right, err, test.ok)
			}
		})
	}
}

func FuzzSplitEntries(f *testing.F) {
	f.Add("a.example, b.example\n c.example")
	f.Add("\u00a0,\u2028\xff")
	f.Fuzz(func(t *testing.T, text string) {
		for _, entry := range splitEntries([]string{text}) {
			if entry == "" || strings.ContainsAny(entry, ", \n\t\r") || !strings.Contains(text, entry) {
				t.Errorf("%q was split into %q", text, entry)
			}
		}
	})
}
