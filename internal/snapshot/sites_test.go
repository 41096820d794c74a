package snapshot

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/trust"
)

// siteAt makes a site with addresses.
func siteAt(t testing.TB, id int64, addresses ...string) *Site {
	t.Helper()
	s := &Site{ID: id}
	var own []trust.Origin
	for _, text := range addresses {
		a, err := ParseAddress(text)
		if err != nil {
			t.Fatal(err)
		}
		s.Addresses, own = append(s.Addresses, a), append(own, a.Origin)
	}
	s.Gate = gate.NewSite(gate.SiteConfig{PublicURLs: own, Trusted: trust.NewSet(nil)})
	return s
}

// The longest prefix wins, by whole segments; what nobody has is the default site's,
// by its own rules.
func TestFind(t *testing.T) {
	disabled := siteAt(t, 8, "https://off.example", "https://shared.example/off")
	disabled.Disabled = true
	sites := []*Site{
		siteAt(t, 2, "https://two.example", "https://shared.example/v2"),
		siteAt(t, 3, "https://shared.example/v2/admin"),
		siteAt(t, 4, "https://rooted.example"),
		siteAt(t, 5, "https://rooted.example/five", "http://five.example:8080"),
		siteAt(t, 6, "https://default.example/six"),
		siteAt(t, 7, "http://127.0.0.1:9000/seven"),
		disabled,
	}
	s := &Snapshot{Default: siteAt(t, 1, "https://default.example"), Sites: Sites{}.With(sites, nil)}
	for _, c := range []struct {
		host, path string
		want       int64
		code       gate.Code
	}{
		{host: "two.example", path: "/", want: 2},
		{host: "Two.EXAMPLE", path: "/a", want: 2},
		{host: "two.example:443", path: "/a", want: 2},
		{host: "two.example:80", path: "/a", want: 2, code: gate.HostUnknown}, // it is https
		{host: "two.example:8443", path: "/a", want: 1, code: gate.HostUnknown},
		{host: "two.example", path: "/a/../b", want: 2}, // no prefix there, nothing to mistake
		{host: "shared.example", path: "/v2", want: 2},
		{host: "shared.example", path: "/v2/", want: 2},
		{host: "shared.example", path: "/v2/a%20b", want: 2},
		{host: "shared.example", path: "/v2/a/b/%41", want: 2},
		{host: "shared.example", path: "/v2x", want: 1, code: gate.PathUnknown},
		{host: "shared.example", path: "/V2", want: 1, code: gate.PathAmbiguous}, // to many servers it is /v2
		{host: "shared.example", path: "/v2/Admin/x", want: 2, code: gate.PathAmbiguous},
		{host: "shared.example", path: "/v2/x/Admin", want: 2},
		{host: "shared.example", path: "/V3", want: 1, code: gate.PathUnknown},
		{host: "shared.example", path: "/", want: 1, code: gate.PathUnknown},
		{host: "shared.example", path: "/v2/admin", want: 3},
		{host: "shared.example", path: "/v2/admin/x", want: 3},
		{host: "shared.example", path: "/v2/administrator", want: 2},
		{host: "shared.example", path: "/off/x", want: 1, code: gate.HostUnknown},
		{host: "off.example", path: "/", want: 1, code: gate.HostUnknown},
		{host: "rooted.example", path: "/other", want: 4},
		{host: "rooted.example", path: "/five/x", want: 5},
		{host: "five.example:8080", path: "/five", want: 5},
		{host: "five.example", path: "/", want: 1, code: gate.HostUnknown},
		{host: "default.example", path: "/six", want: 6},
		{host: "default.example", path: "/sixes", want: 1},
		{host: "127.0.0.1:9000", path: "/seven", want: 7},
		{host: "nobody.example", path: "/v2", want: 1, code: gate.HostUnknown},
	} {
		site, code := s.Find(c.host, c.path)
		if site.ID != c.want || code != c.code {
			t.Errorf("Find(%q, %q) = site %d, %q, want %d, %q", c.host, c.path, site.ID, code, c.want, c.code)
		}
	}
}

// Where sites are told apart by path, nobody gets a path that servers could read
// differently; and the page of the nearest site may read why.
func TestFindRefusesAmbiguousPaths(t *testing.T) {
	s := &Snapshot{Default: siteAt(t, 1, "https://api.example"), Sites: Sites{}.With([]*Site{siteAt(t, 2, "https://api.example/v2")}, nil)}
	for _, path := range []string{
		"/v2/../v1", "/v1/../v2", "/./v2", "//v2", "/v2//a", `/v2\..\v1`, "/v1;/v2", "/v2;x", "/v1%2f..%2fv2", "/v1%5cv2", "/v2%00",
		"/%2e%2e/v2", "/%252e", "/%762", "/v%32", "/v1/%2e", "/a%", "", "/%7Euser",
	} {
		if _, code := s.Find("api.example", path); code != gate.PathAmbiguous {
			t.Errorf("%q: %q, want %q", path, code, gate.PathAmbiguous)
		}
	}
	if site, _ := s.Find("api.example", "/v2/a//b"); site.ID != 2 {
		t.Errorf("the page that may read it is one of site %d's", site.ID)
	}
}

// With no other sites, or for a request of one, finding costs no allocation.
func TestFindDoesNotAllocate(t *testing.T) {
	alone := &Snapshot{Default: siteAt(t, 1, "https://api.example")}
	fleet := &Snapshot{Default: alone.Default, Sites: Sites{}.With([]*Site{siteAt(t, 2, "https://fleet.example/v2/x"), siteAt(t, 3, "https://fleet.example")}, nil)}
	for _, c := range []struct {
		s          *Snapshot
		host, path string
	}{{alone, "api.example", "/a"}, {fleet, "api.example", "/a"}, {fleet, "fleet.example", "/v2/x/y/z"}, {fleet, "fleet.example:443", "/v2"}} {
		if n := testing.AllocsPerRun(100, func() { c.s.Find(c.host, c.path) }); n != 0 {
			t.Errorf("%s%s: %v allocations", c.host, c.path, n)
		}
	}
}

// However a table came about, it finds what a table that is built at once finds, and
// what going through all sites finds.
func TestSitesDerivedFindAsBuilt(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	hosts, prefixes := []string{"a.example", "b.example", "c.example:8443"}, []string{"", "/v1", "/v2", "/v2/x", "/V2", "/v2/X"}
	var addresses []string
	for _, h := range hosts {
		for _, p := range prefixes {
			addresses = append(addresses, "https://"+h+p)
		}
	}
	standby := siteAt(t, 1, "https://default.example")
	var derived Sites
	live := map[int64]*Site{}
	for range 2000 {
		var put []*Site
		var gone []int64
		for range random.IntN(3) {
			s := siteAt(t, 2+random.Int64N(12), addresses[random.IntN(len(addresses))], addresses[random.IntN(len(addresses))])
			if s.Disabled = random.IntN(5) == 0; random.IntN(2) == 0 {
				s.Health.Path = "/health"
			}
			s.Tokens = random.IntN(9)
			put = append(put, s)
		}
		for range random.IntN(3) {
			gone = append(gone, 2+random.Int64N(12))
		}
		before := derived
		was := census(before)
		derived = derived.With(put, gone)
		if diff := cmp.Diff(was, census(before)); diff != "" {
			t.Fatalf("a table changed: %s", diff)
		}
		for _, id := range gone {
			delete(live, id)
		}
		for _, s := range put {
			live[s.ID] = s
		}
		var all []*Site
		for _, s := range live {
			all = append(all, s)
		}
		built := Sites{}.With(all, nil)
		if diff := cmp.Diff(census(built), census(derived)); diff != "" {
			t.Fatalf("derived and built differ: %s", diff)
		}
		for _, h := range hosts {
			for _, path := range []string{"/", "/v1/a", "/v2", "/v2/x/y", "/v2/y", "/V1", "/V2/x", "/v2/X"} {
				got, code := (&Snapshot{Default: standby, Sites: derived}).Find(h, path)
				want, wantCode := naively(standby, all, h, path)
				if got != want || code != wantCode {
					t.Fatalf("%s%s: site %d, %q, want %d, %q", h, path, got.ID, code, want.ID, wantCode)
				}
			}
		}
	}
}

// census is what a table says of itself.
func census(t Sites) map[string]int64 {
	all := map[string]int64{"len": int64(t.Len()), "tokens": int64(t.Tokens())}
	t.All(func(s *Site) bool {
		all["ids"] += s.ID
		return true
	})
	t.Checked(func(s *Site) bool {
		all["checked"] += s.ID
		return true
	})
	return all
}

// naively is Find by going through all sites, for paths that are plain but for their case.
func naively(standby *Site, all []*Site, host, path string) (*Site, gate.Code) {
	var best *Site
	longest, longestOtherwise, known := -1, -1, false
	for _, s := range all {
		for _, a := range s.Addresses {
			if a.Origin.Authority() != host {
				continue
			}
			known = true
			if strings.HasPrefix(strings.ToLower(path)+"/", strings.ToLower(a.Prefix)+"/") {
				longestOtherwise = max(longestOtherwise, len(a.Prefix))
			}
			if !strings.HasPrefix(path+"/", a.Prefix+"/") {
				continue
			}
			if n := len(a.Prefix); n > longest || (n == longest && s.ID < best.ID) {
				best, longest = s, n
			}
		}
	}
	switch {
	case longestOtherwise > longest && (best == nil || best.Disabled):
		return standby, gate.PathAmbiguous
	case longestOtherwise > longest:
		return best, gate.PathAmbiguous
	case best == nil && known:
		return standby, gate.PathUnknown
	case best == nil, best.Disabled:
		return standby, gate.HostUnknown
	}
	return best, ""
}

func TestSnapshotSite(t *testing.T) {
	two := siteAt(t, 2, "https://two.example")
	s := &Snapshot{Default: siteAt(t, 1), Sites: Sites{}.With([]*Site{two}, nil)}
	if s.Site(1) != s.Default || s.Site(2) != two || s.Site(3) != nil {
		t.Error("sites are not found by their ids")
	}
}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"https://api.example.com", "https://api.example.com"},
		{"https://api.example.com/", "https://api.example.com"},
		{"http://127.0.0.1:8080/v2/", "http://127.0.0.1:8080/v2"},
		{"https://api.example.com/v2/a.b~c_d-e", "https://api.example.com/v2/a.b~c_d-e"},
		{"api.example.com", ""},
		{"ftp://api.example.com", ""},
		{"https://", ""},
		{"https://API.example.com", ""},
		{"https://api.example.com:443", ""},
		{"https://api.example.com//", ""},
		{"https://api.example.com//v2", ""},
		{"https://api.example.com/v2//x", ""},
		{"https://api.example.com/v2/..", ""},
		{"https://api.example.com/v2%20", ""},
		{"https://api.example.com/v2?x", ""},
		{"https://api.example.com/v2;x", ""},
		{"https://api.example.com/.crossgate", ""},
		{"https://api.example.com/v2/.Crossgate/x", ""},
		{"https://api.example.com/1/2/3/4/5/6/7/8", "https://api.example.com/1/2/3/4/5/6/7/8"},
		{"https://api.example.com/1/2/3/4/5/6/7/8/9", ""},
		{"https://api.example.com/" + strings.Repeat("a", MaxPrefixBytes), ""},
	} {
		a, err := ParseAddress(c.text)
		switch {
		case err == nil && a.String() != c.want:
			t.Errorf("%s: %s, want %q", c.text, a, c.want)
		case err != nil && c.want != "":
			t.Errorf("%s: %v", c.text, err)
		}
	}
}
