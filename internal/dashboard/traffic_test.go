package dashboard_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

const (
	overviewPath = "/overview"
	refusedPath  = "/refused"
)

// remembering gives a house a memory, and what has called lately in it.
func remembering(seen *inspect.Recorder) func(*dashboard.Config) {
	return func(c *dashboard.Config) { c.Inspect, c.Locked = seen, nil }
}

// calls records calls of pages of an origin.
func calls(r *inspect.Recorder, times int, origin string, verdict gate.Kind, reason gate.Code) {
	for range times {
		r.Record(&inspect.Observation{
			Time: time.Now(), Method: "GET", Scheme: "https", Host: "api.example.com", Path: "/discussions", Origin: origin,
			Verdict: verdict, Judged: true, Reason: reason, Refused: verdict == gate.Refused, Status: 200,
		})
	}
}

func TestOverview(t *testing.T) {
	seen := inspect.New(inspect.Config{})
	h := newHouse(t, remembering(seen)).withAccount().withDomains("app.example.com")
	b := h.signedIn()
	b.get("/").leads(t, overviewPath)
	b.get(overviewPath).shows(t, 200, "No request has come yet", "1 domain is trusted", `id="open-security"`)

	calls(seen, 3, "https://app.example.com", gate.Trusted, gate.ReasonTrusted)
	calls(seen, 2, "https://evil.example", gate.Refused, gate.OriginNotTrusted)
	b.get(overviewPath+"?range=week&rtt=250").shows(t, 200,
		`<strong class="total">3</strong>`, `<strong class="total">2</strong>`, "60 % of all requests", "most 3 in 3 hours",
		"https://app.example.com", "This origin is not trusted", "1 refused origin waits", `<span class="new">1<span class="unseen"> new`,
		`<a href="/overview?rtt=250">24 hours</a>`, `<a href="/overview?range=week&amp;rtt=250" aria-current="true">`,
	)
}

// What is given at the start is told as it is: nobody can switch it off here.
func TestOverviewTellsOfObserveMode(t *testing.T) {
	h := newHouse(t).withAccount()
	h.signedIn().get(overviewPath).shows(t, 200, "Observe mode is on", "with --mode")
}

func TestRefusedOrigins(t *testing.T) {
	seen := inspect.New(inspect.Config{})
	calls(seen, 3, "https://partner.example", gate.Refused, gate.OriginNotTrusted)
	calls(seen, 2, "https://noise.example", gate.Refused, gate.OriginNotTrusted)
	h := newHouse(t, remembering(seen)).withAccount().withPerson("vic", control.RoleViewer)
	h.signedInAs("vic").get(refusedPath).shows(t, 200, "2 origins", `<fieldset class="bare" disabled>`, "Changing this takes an editor")
	b := h.signedIn()
	b.get(refusedPath).shows(t, 200, "2 origins", "3 requests", "/discussions", `class="new">2<`)

	trusted := b.post("/settings/security/add", "domains", "partner.example", "do", "add", "from", "inbox", "expires", "24h")
	trusted.leads(t, refusedPath+"?change=")
	told := b.get(trusted.location)
	told.shows(t, 200, "1 origin", "Added partner.example.", `action="/settings/security/undo?from=inbox"`)
	if got := h.domains(); got != "partner.example" {
		t.Errorf("the list is %s", got)
	}
	change := strings.TrimPrefix(trusted.location, refusedPath+"?change=")
	b.post("/settings/security/undo?from=inbox", "change", change).leads(t, refusedPath)
	b.get(refusedPath).shows(t, 200, "2 origins")

	ignored := b.post(refusedPath+"/ignore", "origin", "https://noise.example", "search", "noise")
	ignored.leads(t, refusedPath+"?change=")
	undo := refusedPath + "/heed?" + url.Values{"origin": {"https://noise.example"}}.Encode()
	b.get(ignored.location).shows(t, 200, "Ignored https://noise.example.", `action="`+undo+`"`, "Stop ignoring", "by <bdi>ada")
	b.post(undo, "change", "7").leads(t, refusedPath+"?change=")
	b.get(refusedPath).shows(t, 200, "2 origins")

	b.post(refusedPath+"/ignore").shows(t, 422, "name the origin")
	b.post(refusedPath+"/ignore", "origin", strings.Repeat("x", 301)).shows(t, 422, "longer than")
}

// An address fills the form in. It changes nothing, whatever it says.
func TestFilledIn(t *testing.T) {
	h := newHouse(t).withAccount().withPerson("vic", control.RoleViewer).withDomains("app.example.com")
	b := h.signedIn()
	b.get(path+"?add=shop.example.com&label=Shop&expires=24h&do=add&confirm=look-alike").shows(t, 200,
		"shop.example.com</textarea>", `value="Shop"`, `value="24h" selected`, "Trusts pages of https://shop.example.com.")
	b.get(path+"?add=app.examp1e.com&from=inbox").shows(t, 200, "looks like app.example.com", `value="look-alike app.examp1e.com"`, `name="from" value="inbox"`)
	b.get(path+"?add="+url.QueryEscape(`"><script>alert(1)</script>`)).shows(t, 200, "&lt;script&gt;")
	if got := b.get(path + "?add=" + strings.Repeat("x", 1001)); strings.Contains(got.body, "xxxx") {
		t.Error("what is far too long is filled in")
	}
	h.signedInAs("vic").get(path+"?add=shop.example.com").shows(t, 200, "shop.example.com</textarea>", `<fieldset class="bare" disabled>`)
	if got := h.domains(); got != "app.example.com" {
		t.Errorf("the list is now %s", got)
	}
}

// A confirmation that the inbox leads to leads back to the inbox.
func TestConfirmationFromTheInbox(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("app.example.com")
	b := h.signedIn()
	asked := b.post(path+"/add", "domains", "app.examp1e.com", "do", "add", "from", "inbox")
	asked.shows(t, 422, "Confirm a look-alike", `name="from" value="inbox"`)
	b.post(path+"/add", "domains", "app.examp1e.com", "do", "add", "from", "inbox", "confirm", "look-alike app.examp1e.com").leads(t, refusedPath+"?change=")
	b.post(path+"/add", "domains", "b.example", "do", "add", "from", "https://evil.example/").leads(t, path+"?change=")
}

// Before pages that called lately are refused, the visitor sees which.
func TestDryRun(t *testing.T) {
	seen := inspect.New(inspect.Config{})
	calls(seen, 3, "https://app.example.com", gate.Trusted, gate.ReasonTrusted)
	calls(seen, 2, "https://a.shop.example.org", gate.Trusted, gate.ReasonTrusted)
	calls(seen, 4, "https://new.example.net", gate.Refused, gate.OriginNotTrusted)
	h := newHouse(t, remembering(seen)).withAccount().withDomains("app.example.com").withDomains("*.example.org").withDomains("*.shop.example.org").withDomains("unused.example")
	b := h.signedIn()
	const all = "unused.example *.shop.example.org *.example.org app.example.com"

	asked := b.post(path+"/remove", "one", "1", "search", "app")
	asked.shows(t, 200, "Remove app.example.com?", "this origin", "https://app.example.com", `name="sure"`, `name="id" value="1"`, `name="search" value="app"`)
	b.post(path+"/domains/1/off", "version", "1").shows(t, 200, "Switch off app.example.com?", `action="/settings/security/domains/1/off"`, `name="version" value="1"`)
	b.get(path+"/domains/1").shows(t, 200, `id="holds"`, "https://app.example.com")
	b.post(path+"/remove", "id", "2", "id", "3").shows(t, 200, "Remove *.example.org and 1 more?", "https://a.shop.example.org")
	if got := h.domains(); got != all {
		t.Errorf("looking has changed the list to %s", got)
	}

	// What another entry holds, or nobody uses, is done at once.
	b.post(path+"/remove", "one", "3").leads(t, path)
	b.post(path+"/domains/4/off", "version", "1").leads(t, path)
	b.post(path+"/remove", "id", "2", "sure", "yes").leads(t, path)
	b.post(path+"/domains/1/off", "version", "1", "sure", "yes").leads(t, path)
	if got := h.domains(); got != "unused.example (off) app.example.com (off)" {
		t.Errorf("the list is %s", got)
	}

	b.post(path+"/preview", "domains", "*.example.net").shows(t, 200, "let in from then on", "https://new.example.net", "4 requests")
	b.post(path+"/remove", "one", "99").shows(t, 404, "not on the list any more")
}
