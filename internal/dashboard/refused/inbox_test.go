package refused

import (
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// The inbox has what nobody has decided on; what was trusted since is gone from it.
func TestInbox(t *testing.T) {
	list := refusals{
		origin("https://waits.example", 12345),
		origin("https://trusted.example.com", 7),
		origin("https://put-aside.example", 6),
	}
	r := records{entries: []string{"*.example.com"}, aside: []control.IgnoredOrigin{
		{Origin: "https://put-aside.example", At: noon, By: "bob"},
		{Origin: "https://long-gone.example", At: noon, By: "eve"},
	}}
	p := newTestPage(t, r, list)
	page := rendered(t, p, shell.Spot{})
	shows(t, page, "1 origin", "https://waits.example", "12,345 requests", "/discussions", `name="domains" value="waits.example"`,
		`href="/settings/security?add=waits.example#add"`, `href="/inspector?origin=https%3A%2F%2Fwaits.example"`,
		`value="https://put-aside.example">Stop ignoring`, "6 times", "not lately")
	lacks(t, page, "trusted.example.com", "Take care")
	if n := p.waiting(t.Context()); n != 1 {
		t.Errorf("%d wait, want 1", n)
	}
}

// What is like a trusted name is pointed out, and what no entry can match says so.
func TestLikeness(t *testing.T) {
	r := records{entries: []string{"app.example.com", "shop.example.net"}}
	tests := []struct {
		name, origin string
		shows        []string
		lacks        []string
	}{
		{"a look-alike", "https://app.examp1e.com", []string{"Take care", "easily taken for <bdi class=\"entry\">app.example.com"}, nil},
		{"another port", "https://app.example.com:8443", []string{"on port 8443", `value="app.example.com:8443"`}, []string{"Take care"}},
		{"another scheme", "http://app.example.com", []string{"Insecure", `value="http://app.example.com"`}, []string{"Take care"}},
		{"a stranger", "https://stranger.test", []string{">Trust</button>", ">Ignore</button>"}, []string{"Take care"}},
		{"this machine", "http://localhost:3000", []string{`value="http://localhost:3000"`}, []string{"Insecure"}},
		{"nobody", "null", []string{"it names nobody", `name="origin" value="null"`}, []string{">Trust</button>", "Edit first"}},
		{"nonsense", "https://x.example/path", []string{"no origin as browsers write it", ">Ignore</button>"}, []string{">Trust</button>", "Edit first"}},
		{"of another script", "https://xn--80ak6aa92e.com", []string{"reads "}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := rendered(t, newTestPage(t, r, refusals{origin(test.origin, 1)}), shell.Spot{})
			shows(t, page, test.shows...)
			lacks(t, page, test.lacks...)
		})
	}
}

func TestSearchAndPages(t *testing.T) {
	var list refusals
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"} {
		list = append(list, origin("https://"+name+".example", 1))
	}
	p := newTestPage(t, records{}, list)
	shows(t, rendered(t, p, shell.Spot{}), "17 origins", "1–15 of 17", `href="/refused?page=2"`)
	shows(t, rendered(t, p, shell.Spot{Page: 2}), "16–17 of 17", `name="page" value="2"`)
	shows(t, rendered(t, p, shell.Spot{Search: "Q.EX"}), "1 matches “<bdi>Q.EX", "https://q.example")
	shows(t, rendered(t, p, shell.Spot{Search: "zzz"}), "Nothing matches", "No refused origin contains that.")
}

func TestNothingWaits(t *testing.T) {
	shows(t, rendered(t, newTestPage(t, records{}, refusals{}), shell.Spot{}), "Nobody waits to be let in", "When a page of an origin")
	shows(t, rendered(t, newTestPage(t, records{}, nil), shell.Spot{}), "This server does not remember requests")
}

func TestNewNeeds(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("nothing is enough")
	}
}
