package token

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/trust"
)

var ticketTime = time.Unix(1_800_000_000, 0)

func origin(t testing.TB, s string) trust.Origin {
	t.Helper()
	o, err := trust.ParseOrigin(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func key(n byte, from time.Time) TicketKey {
	return TicketKey{Secret: [TicketKeyBytes]byte{n}, From: from}
}

// What is minted is what is opened, whatever the fields hold.
func TestTicketRoundTrip(t *testing.T) {
	keys := NewTicketKeys(key(1, time.Time{}))
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string { return strings.Repeat("x\x00é ", r.IntN(20)) }
	for range 10_000 {
		want := Ticket{
			Token: Digest{byte(r.Uint32())}, Site: text(), Expires: ticketTime.Add(time.Duration(r.IntN(100)) * time.Second),
			Methods: [][]string{{}, {"GET"}, {"GET", "HEAD", "M-SEARCH"}}[r.IntN(3)], PathPrefix: text(), WebSocket: r.IntN(2) == 0,
		}
		if r.IntN(2) == 0 {
			want.Origin = origin(t, "https://app.example.com:8443")
		}
		if r.IntN(2) == 0 {
			want.Target = TargetDigest("/a", text())
		}
		minted, err := keys.Mint(want, ticketTime)
		if err != nil {
			t.Fatal(err)
		}
		got, err := keys.Open(minted)
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Fatalf("%+v, %v\nwant %+v", got, err, want)
		}
	}
}

// No ticket opens that was changed in any bit, cut, lengthened, or written otherwise.
func TestTicketForged(t *testing.T) {
	keys := NewTicketKeys(key(1, time.Time{}))
	minted, err := keys.Mint(Ticket{Site: "default", Expires: ticketTime, Methods: []string{"GET"}}, ticketTime)
	if err != nil {
		t.Fatal(err)
	}
	signed, _ := base64.RawURLEncoding.DecodeString(minted[len(TicketPrefix):])
	for bit := range len(signed) * 8 {
		forged := append([]byte(nil), signed...)
		forged[bit/8] ^= 1 << (bit % 8)
		if _, err := keys.Open(TicketPrefix + base64.RawURLEncoding.EncodeToString(forged)); !errors.Is(err, ErrTicket) {
			t.Fatalf("bit %d changed: %v", bit, err)
		}
	}
	for n := range len(minted) {
		if _, err := keys.Open(minted[:n]); !errors.Is(err, ErrTicket) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	for _, text := range []string{
		minted + "A", minted + "=", " " + minted, minted + "\n", minted[:20] + "\n" + minted[20:], strings.ToUpper(minted),
		"cgt_" + minted[len(TicketPrefix):], TicketPrefix, "", TicketPrefix + strings.Repeat("A", 1<<20),
	} {
		if _, err := keys.Open(text); !errors.Is(err, ErrTicket) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// No two tickets are signed over the same bytes: each field stands behind its length.
func TestTicketFieldsDoNotRunTogether(t *testing.T) {
	keys := NewTicketKeys(key(1, time.Time{}))
	seen := map[string]string{}
	for _, ticket := range []Ticket{
		{Site: "ab", PathPrefix: "c"},
		{Site: "a", PathPrefix: "bc"},
		{Site: "abc"},
		{PathPrefix: "abc"},
		{Methods: []string{"GET"}},
		{Methods: []string{"GE", "T"}},
		{PathPrefix: "GET"},
		{Site: "GET"},
	} {
		minted, err := keys.Mint(ticket, ticketTime)
		if err != nil {
			t.Fatal(err)
		}
		if before, ok := seen[minted]; ok {
			t.Errorf("%+v and %s are one ticket", ticket, before)
		}
		seen[minted] = fmt.Sprintf("%+v", ticket)
	}
}

// A key signs from its time on; before that, and after a younger one signs, it verifies.
func TestTicketKeysRotate(t *testing.T) {
	before, after := key(1, ticketTime), key(2, ticketTime.Add(time.Minute))
	both, onlyOld, onlyNew := NewTicketKeys(after, before), NewTicketKeys(before), NewTicketKeys(after)
	mint := func(now time.Time) string {
		text, err := both.Mint(Ticket{Site: "default"}, now)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	old, young := mint(ticketTime), mint(ticketTime.Add(time.Minute))
	for _, tc := range []struct {
		name   string
		keys   *TicketKeys
		ticket string
		opens  bool
	}{
		{"old by both", both, old, true},
		{"young by both", both, young, true},
		{"old by the old key", onlyOld, old, true},
		{"young by the old key", onlyOld, young, false},
		{"old by the young key", onlyNew, old, false},
		{"young by the young key", onlyNew, young, true},
		{"by none", NewTicketKeys(), old, false},
		{"by nil", nil, old, false},
	} {
		if _, err := tc.keys.Open(tc.ticket); (err == nil) != tc.opens {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	for name, keys := range map[string]*TicketKeys{"nil": nil, "none": NewTicketKeys(), "one whose time has not come": onlyNew} {
		if _, err := keys.Mint(Ticket{}, ticketTime); !errors.Is(err, ErrNoTicketKey) {
			t.Errorf("%s signs: %v", name, err)
		}
	}
}

func TestTicketTooLong(t *testing.T) {
	keys := NewTicketKeys(key(1, time.Time{}))
	for _, n := range []int{2 << 10, 1 << 17} {
		if _, err := keys.Mint(Ticket{PathPrefix: strings.Repeat("/a", n)}, ticketTime); !errors.Is(err, ErrTicketField) {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// Keys do not slip into a log.
func TestTicketKeyFormats(t *testing.T) {
	k := key(77, ticketTime)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, value := range []any{k, &k, NewTicketKeys(k)} {
			if text := fmt.Sprintf(format, value); strings.Contains(text, "77") || strings.Contains(text, "4d") {
				t.Errorf("%s: %s", format, text)
			}
		}
	}
}
