package gateway

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// A fleetRig is a gateway before several sites, each with an API that tells its name.
type fleetRig struct {
	*rig
	sites map[string]*fleetSite
}

// A fleetSite is one of them. What is changed of it counts from the next publish on.
type fleetSite struct {
	id        int64
	name      string
	addresses []string
	config    gate.SiteConfig
	api       *upstream.API
	upstreams []*url.URL
	disabled  bool
	tokens    grants
	secret    string // of an access token
}

// newFleet starts the default site, at api.example.com, and others, by name and address;
// each trusts the page https://NAME.example.com alone.
func newFleet(t *testing.T, answer http.HandlerFunc, others map[string]string) *fleetRig {
	t.Helper()
	r := &fleetRig{rig: newRig(t, rigConfig{empty: true}), sites: map[string]*fleetSite{}}
	add := func(id int64, name string, addresses ...string) {
		s := &fleetSite{id: id, name: name, addresses: addresses, tokens: grants{}}
		s.secret = s.tokens.mint(t, token.Grant{ID: "tok_" + name})
		s.api = upstream.New(t, func(w http.ResponseWriter, r *http.Request) {
			if answer != nil {
				answer(w, r)
				return
			}
			_, _ = fmt.Fprint(w, name, " ", r.RequestURI)
		})
		s.upstreams = []*url.URL{s.api.URL}
		var own []trust.Origin
		for _, text := range addresses {
			own = append(own, parseAddress(t, text).Origin)
		}
		s.config = gate.SiteConfig{
			Name: name, PublicURLs: own, Trusted: trustedSet(t, name+".example.com"), Policy: gate.DefaultPolicy(),
			Grants: s.tokens, Tickets: ticketKeys(),
		}
		r.sites[name] = s
	}
	add(1, "default", "https://api.example.com")
	id := int64(2)
	for name, address := range others {
		add(id, name, address)
		id++
	}
	r.publish()
	return r
}

func parseAddress(t *testing.T, text string) snapshot.Address {
	t.Helper()
	a, err := snapshot.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (r *fleetRig) publish() {
	r.t.Helper()
	s := new(snapshot.Snapshot)
	var others []*snapshot.Site
	for _, f := range r.sites {
		site := &snapshot.Site{ID: f.id, Name: f.name, Disabled: f.disabled, Upstreams: f.upstreams, Gate: gate.NewSite(f.config)}
		if f.id == 1 {
			s.Default = site
			continue
		}
		for _, text := range f.addresses {
			a, err := snapshot.ParseAddress(text)
			if err != nil {
				r.t.Fatal(err)
			}
			site.Addresses = append(site.Addresses, a)
		}
		others = append(others, site)
	}
	s.Sites = snapshot.Sites{}.With(others, nil)
	r.holder.Store(s)
}

// at asks for a URL of the fleet's, over the rig's socket.
func (r *fleetRig) at(method, address, body string, fields ...string) *http.Response {
	r.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.send(method, strings.TrimPrefix(address, u.Scheme+"://"+u.Host), body, append([]string{"Host", u.Host}, fields...)...)
}

// Each request has the upstream, the list and the tokens of its own site, and no others.
func TestSitesAreApart(t *testing.T) {
	r := newFleet(t, nil, map[string]string{
		"two": "https://two.example", "v2": "https://api.example.com/v2", "admin": "https://api.example.com/v2/admin",
	})
	for _, tt := range []struct{ address, site, path string }{
		{"https://api.example.com/v1?a=b", "default", "/v1?a=b"},
		{"https://api.example.com/v2", "v2", "/v2"},
		{"https://api.example.com/v2/a%20b", "v2", "/v2/a%20b"},
		{"https://api.example.com/v2/admin/x", "admin", "/v2/admin/x"},
		{"https://two.example/v2/x", "two", "/v2/x"},
		{"https://two.example/a//b/../c", "two", "/a//b/../c"},
	} {
		t.Run(tt.address, func(t *testing.T) {
			for name, s := range r.sites {
				page := "https://" + name + ".example.com"
				res := r.at("GET", tt.address, "", "Origin", page)
				body := bodyOf(t, res)
				if own := name == tt.site; own != (res.StatusCode == 200 && body == tt.site+" "+tt.path && res.Header.Get("Access-Control-Allow-Origin") == page) {
					t.Errorf("a page of %s: %d %s", name, res.StatusCode, body)
				}
				byServer := r.at("GET", tt.address, "", "Authorization", "Bearer "+s.secret)
				want := map[bool]string{true: "", false: "token-unknown"}[name == tt.site]
				if got := byServer.Header.Get("Crossgate-Reason"); got != want {
					t.Errorf("a token of %s: %q, want %q", name, got, want)
				}
				preflight := r.at("OPTIONS", tt.address, "", "Origin", page, "Access-Control-Request-Method", "PUT")
				if (preflight.StatusCode == 204) != (name == tt.site) {
					t.Errorf("a preflight of %s: %d", name, preflight.StatusCode)
				}
			}
		})
	}
}

// What belongs to no site is refused, and what could belong to two, too.
func TestSitesRefuse(t *testing.T) {
	r := newFleet(t, nil, map[string]string{
		"off": "https://off.example", "v2": "https://api.example.com/v2", "below": "https://below.example/x", "idle": "https://idle.example",
	})
	r.sites["off"].disabled = true
	r.sites["idle"].upstreams = nil
	r.publish()
	for _, tt := range []struct {
		address, page string
		status        int
		code          string
	}{
		{"https://nobody.example/", "default", 421, "host-unknown"},
		{"https://off.example/", "off", 421, "host-unknown"},
		{"https://idle.example/", "idle", 503, "not-ready"},
		{"https://below.example/", "below", 404, "path-unknown"},
		{"https://below.example/.crossgate/client.js", "below", 404, "path-unknown"},
		{"https://api.example.com/v1/../v2", "default", 400, "path-ambiguous"},
		{"https://api.example.com//v2", "default", 400, "path-ambiguous"},
		{"https://api.example.com/%762", "default", 400, "path-ambiguous"},
		{"https://api.example.com/v2/x;y", "v2", 400, "path-ambiguous"},
		{"https://api.example.com/v2%2fx", "default", 400, "path-ambiguous"},
	} {
		t.Run(tt.address, func(t *testing.T) {
			res := r.at("GET", tt.address, "", "Origin", "https://"+tt.page+".example.com")
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
				t.Errorf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"), tt.status, tt.code)
			}
			if readable := res.Header.Get("Access-Control-Allow-Origin") != ""; tt.status == 400 && !readable {
				t.Error("the page cannot read why")
			}
		})
	}
	for name, s := range r.sites {
		if n := len(s.api.Seen()); n != 0 {
			t.Errorf("%s got %d requests", name, n)
		}
	}
}

// A ticket is of the site that its address is below, and of use at no other, though one
// key signs for all.
func TestTicketsOfSites(t *testing.T) {
	r := newFleet(t, nil, map[string]string{"v2": "https://api.example.com/v2", "v3": "https://api.example.com/v3", "two": "https://two.example"})
	base := map[string]string{
		"default": "https://api.example.com", "v2": "https://api.example.com/v2", "v3": "https://api.example.com/v3", "two": "https://two.example",
	}
	// All sites trust one page and know one another's tokens: then nothing but the site's name
	// tells the tickets apart.
	common := grants{}
	secret := common.mint(t, token.Grant{ID: "tok_common"})
	for _, s := range r.sites {
		s.config.Trusted, s.config.Grants = trustedSet(t, "app.example.com"), common
	}
	r.publish()
	for from, at := range base {
		res := r.at("POST", at+"/.crossgate/ticket", "access_token="+secret, "Content-Type", formType, "Origin", trustedOrigin)
		var answer struct{ Ticket string }
		if err := json.Unmarshal([]byte(bodyOf(t, res)), &answer); err != nil || res.StatusCode != 200 {
			t.Fatalf("%s: %d, %v", from, res.StatusCode, err)
		}
		for to, at := range base {
			res := r.at("GET", at+"/x?access_token="+answer.Ticket, "", "Origin", trustedOrigin)
			if (res.StatusCode == 200) != (from == to) || (from != to && res.Header.Get("Crossgate-Reason") != "token-unknown") {
				t.Errorf("a ticket of %s at %s: %d %q", from, to, res.StatusCode, res.Header.Get("Crossgate-Reason"))
			}
		}
	}
	// A token is known at its own site alone, for tickets, too.
	for _, s := range r.sites {
		s.config.Grants = s.tokens
	}
	r.publish()
	if res := r.at("POST", base["v2"]+"/.crossgate/ticket", "access_token="+r.sites["v3"].secret, "Content-Type", formType, "Origin", trustedOrigin); res.Header.Get("Crossgate-Reason") != "token-unknown" {
		t.Errorf("%d", res.StatusCode)
	}
	for name, s := range r.sites {
		for _, seen := range s.api.Seen() {
			if strings.Contains(seen.Target, "crossgate") {
				t.Errorf("%s saw %s", name, seen.Target)
			}
		}
	}
}

// A redirect of an unwrapped request is followed within its site alone, even where
// another one has the same upstream: that one's rules were not asked.
func TestRedirectsStayAtTheirSite(t *testing.T) {
	r := newFleet(t, nil, map[string]string{"a": "https://api.example.com/a", "b": "https://api.example.com/b"})
	shared := upstream.New(t, func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
			return
		}
		_, _ = fmt.Fprint(w, "secret of ", r.URL.Path)
	})
	for _, s := range r.sites {
		s.upstreams = []*url.URL{shared.URL}
	}
	r.publish()
	for to, followed := range map[string]bool{
		"/a/x": true, "/b/x": false, "/x": false, "/a/../b/x": false, "/a%2f..%2fb/x": false, "/%61/x": false, "../b/x": false,
	} {
		shared.Forget()
		res := r.at("GET", "https://api.example.com/a/go?to="+url.QueryEscape(to)+"&access_token=abc", "", "Origin", "https://a.example.com")
		if got := res.StatusCode == 200; got != followed || len(shared.Seen()) != map[bool]int{true: 2, false: 1}[followed] {
			t.Errorf("%s: %d %s after %d requests", to, res.StatusCode, bodyOf(t, res), len(shared.Seen()))
		}
	}
}

// The scripts are to be had below a site's path.
func TestScriptsBelowAPath(t *testing.T) {
	r := newFleet(t, nil, map[string]string{"below": "https://below.example/x"})
	if res := r.at("GET", "https://below.example/x/.crossgate/client.js", ""); res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%d", res.StatusCode)
	}
}

// Open event streams and WebSockets of a site end when their origin or token, or the site
// itself, is gone, and those of other sites go on.
func TestRevocationEndsStreamsOfItsSite(t *testing.T) {
	for what, revoke := range map[string]func(*testing.T, *fleetRig){
		"the site is disabled":  func(_ *testing.T, r *fleetRig) { r.sites["v2"].disabled = true },
		"the site is removed":   func(_ *testing.T, r *fleetRig) { delete(r.sites, "v2") },
		"the address is gone":   func(_ *testing.T, r *fleetRig) { r.sites["v2"].addresses = []string{"https://api.example.com/v4"} },
		"the list is emptied":   func(t *testing.T, r *fleetRig) { r.sites["v2"].config.Trusted = trustedSet(t) },
		"all tokens are gone":   func(_ *testing.T, r *fleetRig) { r.sites["v2"].config.Grants = grants{} },
		"another has its place": func(_ *testing.T, r *fleetRig) { r.sites["v2"].id = 77 },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := newFleet(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			}, map[string]string{"v2": "https://api.example.com/v2", "v3": "https://api.example.com/v3"})
			open := func(site, path string) io.Reader {
				res := r.at("GET", "https://api.example.com"+path+"?access_token="+r.sites[site].secret, "", "Origin", "https://"+site+".example.com")
				if res.StatusCode != 200 {
					t.Fatalf("%s: %d", path, res.StatusCode)
				}
				return res.Body
			}
			ends := open("v2", "/v2/events")
			stays := []io.Reader{open("v3", "/v3/events"), open("default", "/events")}
			ended := make(chan struct{}, len(stays))
			for _, s := range stays {
				go func() {
					_, _ = s.Read(make([]byte, 1))
					ended <- struct{}{}
				}()
			}
			revoke(t, r)
			r.publish()
			expectEnd(t, what, ends)
			select {
			case <-ended:
				t.Error("a stream of another site was ended, too")
			default:
			}
		})
	}
}

// The same of WebSockets.
func TestRevocationEndsWebSocketsOfItsSite(t *testing.T) {
	r := newFleet(t, nil, map[string]string{"v2": "https://api.example.com/v2"})
	echo := upstream.Raw(t, echoSocket(goodHandshake))
	for _, s := range r.sites {
		s.upstreams = []*url.URL{echo, echo}
	}
	r.publish()
	dial := func(site, path string) (io.ReadWriter, *bufio.Reader) {
		c := r.dial()
		r.write(c, strings.NewReplacer("/socket", path, "localhost", "api.example.com").Replace(handshake("Origin: https://"+site+".example.com\r\n")))
		in := bufio.NewReader(c)
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("%s: %v, %v", path, res, err)
		}
		return c, in
	}
	_, ends := dial("v2", "/v2/socket")
	out, stays := dial("default", "/socket")
	r.sites["v2"].disabled = true
	r.publish()
	expectEnd(t, "the site is disabled", ends)
	if _, err := io.WriteString(out, "still here"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stays, make([]byte, len("still here"))); err != nil {
		t.Errorf("the other site's WebSocket has ended: %v", err)
	}
}
