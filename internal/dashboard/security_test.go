package dashboard_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

const path = "/settings/security"

func TestAddAndUndo(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	added := b.post(path+"/add", "domains", "https://App.Example.com/\nb.example, *.c.example", "label", "Ours", "expires", "7d", "do", "add")
	added.leads(t, path+"?change=")
	list := b.get(added.location)
	list.shows(t, 200, "3 domains", "app.example.com", "*.c.example", "Ours", "Expires in 7 days", `id="undo"`, "Added app.example.com and 2 more.")

	change := regexp.MustCompile(`name="change" value="(\d+)"`).FindStringSubmatch(list.body)[1]
	undone := b.post(path+"/undo", "change", change)
	undone.leads(t, path+"?change=")
	b.get(undone.location).shows(t, 200, "No domain is trusted yet", "Undid: added", ">Redo</button>")
	b.post(path+"/undo", "change", change).shows(t, 422, "undone already")
}

// News is told once it happened, to whom made it happen, and in no other words.
func TestOnlyNewsIsTold(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("a.example")
	b := h.signedIn()
	for _, change := range []string{"99", "-1", "x", "<script>"} {
		if got := b.get(path + "?change=" + change); strings.Contains(got.body, `class="message `) {
			t.Errorf("change=%s is told", change)
		}
	}
}

func TestRefusedLinesLoseNothing(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("app.example.com")
	b := h.signedIn()
	typed := "good.example https://bad.example/path * <script>alert(1)</script>"
	got := b.post(path+"/add", "domains", typed, "label", `"><script>x`, "expires", "30d", "do", "add")
	got.shows(t, 422,
		"good.example https://bad.example/path * &lt;script&gt;alert(1)&lt;/script&gt;</textarea>",
		`value="30d" selected`, "&#34;&gt;&lt;script&gt;x", "none is",
		`name="replace" value="https://bad.example/path bad.example"`,
	)
	if got := h.domains(); got != "app.example.com" {
		t.Errorf("saved: %s", got)
	}
	got = b.post(path+"/add", "domains", typed, "replace", "https://bad.example/path bad.example")
	got.shows(t, 200, "good.example bad.example * &lt;script")
}

// A tick counts for the entries that stand beside it, and no others.
func TestConfirmations(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("app.example.com")
	b := h.signedIn()
	add := func(pairs ...string) answer {
		return b.post(path+"/add", append([]string{"do", "add"}, pairs...)...)
	}
	add("domains", "http://old.example").shows(t, 422, `value="insecure http://old.example"`, "not protected by https")
	add("domains", "http://old.example http://other.example", "confirm", "insecure http://old.example").shows(t, 422)
	add("domains", "http://old.example", "confirm", "insecure http://old.example").leads(t, path)

	add("domains", "app.examp1e.com").shows(t, 422, "looks like app.example.com", `value="look-alike app.examp1e.com"`)
	add("domains", "app.examp1e.com", "confirm", "look-alike app.examp1e.com").leads(t, path)

	add("domains", "*.co.uk", "confirm", "public-suffix *.co.uk").shows(t, 422, "Give a reason", `id="reason-error"`, "checked")
	add("domains", "*.co.uk", "confirm", "public-suffix *.co.uk", "reason", "a test").leads(t, path)
	if got, want := h.domains(), "*.co.uk app.examp1e.com http://old.example app.example.com"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestExpiryIsProposedForLoopback(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	b.post(path+"/preview", "domains", "localhost:3000", "expires", "never").shows(t, 200, `data-propose="24h"`)
	b.post(path+"/add", "domains", "localhost:3000", "expires", "never", "do", "check").shows(t, 200, `value="24h" selected`)
	b.post(path+"/add", "domains", "localhost:3000", "expires", "7d", "do", "check").shows(t, 200, `value="7d" selected`)
}

func TestWrongForms(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("a.example")
	b := h.signedIn()
	tests := []struct {
		name, path string
		form       []string
		status     int
		shows      string
	}{
		{"nothing typed", "/add", []string{"do", "add"}, 422, "Type a domain"},
		{"only spaces", "/add", []string{"do", "add", "domains", " \n,"}, 422, "Type a domain"},
		{"no such expiry", "/add", []string{"do", "add", "domains", "b.example", "expires", "soon"}, 422, "from the list"},
		{"no date", "/add", []string{"do", "add", "domains", "b.example", "expires", "date"}, 422, "Choose the date"},
		{"a date that is over", "/add", []string{"do", "add", "domains", "b.example", "expires", "date", "expires-on", "2020-01-01"}, 422, "is over"},
		{"label too long", "/add", []string{"do", "add", "domains", "b.example", "label", strings.Repeat("x", 10_000)}, 422, "longer than"},
		{"label that turns the text", "/add", []string{"do", "add", "domains", "b.example", "label", "a\u202eb"}, 422, "invisible character"},
		{"form too large", "/add", []string{"domains", strings.Repeat("x", 300_000)}, 413, "Nothing was changed"},
		{"remove nothing", "/remove", nil, 422, "Choose at least one"},
		{"remove what is no entry", "/remove", []string{"one", "x"}, 404, "does not exist"},
		{"remove what is gone", "/remove", []string{"id", "1", "id", "99"}, 404, "not on the list any more"},
		{"edit what has changed", "/domains/1", []string{"version", "7", "label", "x", "expires", "never"}, 409, "changed since"},
		{"edit with a wrong date", "/domains/1", []string{"expires", "date", "label", "kept as typed"}, 422, "kept as typed"},
		{"switch what is gone", "/domains/99/off", nil, 404, "not on the list any more"},
		{"undo what never was", "/undo", []string{"change", "99"}, 404, "there is no change 99"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.post(path+test.path, test.form...)
			if got.status != test.status || !strings.Contains(strings.ToLower(got.body), strings.ToLower(test.shows)) {
				t.Errorf("got %d, want %d with %q:\n%s", got.status, test.status, test.shows, got.body)
			}
			if got := h.domains(); got != "a.example" {
				t.Errorf("the list is now %s", got)
			}
		})
	}
}

func TestEditSwitchRemove(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("a.example", "b.example", "c.example")
	b := h.signedIn()

	off := b.post(path+"/domains/1/off", "search", "a.ex", "page", "1")
	off.leads(t, path+"?change=")
	if !strings.HasSuffix(off.location, "&search=a.ex#domain-1") {
		t.Errorf("leads to %s and not back to where it was", off.location)
	}
	if got := h.domains(); got != "c.example b.example a.example (off)" {
		t.Errorf("switched off: %s", got)
	}
	b.get(path).shows(t, 200, `<span class="badge off"`, `aria-checked="false"`)
	b.post(path+"/domains/1/on").leads(t, path)

	edit := b.get(path + "/domains/2?search=b")
	edit.shows(t, 200, "Trusts pages of https://b.example.", `name="search" value="b"`, `value="never" selected`)
	saved := b.post(path+"/domains/2", "label", "Partner", "expires", "date", "expires-on", time.Now().AddDate(0, 0, 9).Format(time.DateOnly))
	saved.leads(t, path+"?change=")
	b.get(path+"/domains/2").shows(t, 200, `value="Partner"`, `value="keep" selected`, "Expires in")
	b.post(path+"/domains/2", "label", "Partner", "expires", "keep").leads(t, path)

	b.post(path+"/remove", "id", "1", "id", "3").leads(t, path)
	if got := h.domains(); got != "b.example" {
		t.Errorf("removed: %s", got)
	}
	b.post(path+"/remove", "one", "2", "id", "99").leads(t, path)
	if got := h.domains(); got != "" {
		t.Errorf("removed: %s", got)
	}
}

func TestTester(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("app.example.com", "http://localhost:3000")
	b := h.signedIn()
	tests := []struct{ typed, shows string }{
		{"https://app.example.com", "<strong>Allowed</strong>"},
		{" app.example.com ", "<strong>Allowed</strong>"},
		{"https://App.example.com/login?a=b#c", "<strong>Allowed</strong>"},
		{"http://localhost:3000/x", "<strong>Allowed</strong>"},
		{"http://app.example.com", "Nearest entry"},
		{"https://app.example.com:8443", "Nearest entry"},
		{"https://www.app.example.com", "Nearest entry"},
		{"null", "<strong>Refused</strong>"},
		{"https://stranger.example.net", "<strong>Refused</strong>"},
		{"<script>alert(1)</script>", "<strong>Refused</strong>"},
		{strings.Repeat("x", 5_000), "<strong>Refused</strong>"},
	}
	for _, test := range tests {
		t.Run(test.typed[:min(len(test.typed), 40)], func(t *testing.T) {
			query := "?origin=" + strings.NewReplacer(" ", "%20", "#", "%23", "&", "%26", "<", "%3C", ">", "%3E").Replace(test.typed)
			b.get(path+query).shows(t, 200, test.shows)
			part := b.get(path + "/check" + query)
			part.shows(t, 200, test.shows)
			if strings.Contains(part.body, "<html") || strings.Contains(part.body, "<script>") {
				t.Errorf("got more than the verdict:\n%s", part.body)
			}
		})
	}
}

// The longest names and labels on a full page stay below 60 KB, and every page
// of the list can be reached.
func TestPagingAndSearch(t *testing.T) {
	label := strings.Repeat("a", 60)
	name := func(i int) string {
		return fmt.Sprintf("n%02d.%s.%s.%s.%s.example", i, label, label, label, strings.Repeat("b", 50))
	}
	h := newHouse(t).withAccount()
	b := h.signedIn()
	var all []string
	for i := range 60 {
		all = append(all, name(i))
	}
	b.post(path+"/add", "domains", strings.Join(all, "\n"), "label", strings.Repeat("<", 200), "do", "add").leads(t, path)

	b.get(path).shows(t, 200, "60 domains", "1–25 of 60", `rel="next"`)
	b.get(path+"?page=3").shows(t, 200, "51–60 of 60", `rel="prev"`)
	b.get(path+"?page=99").shows(t, 200, "51–60 of 60")
	b.get(path+"?page=-1").shows(t, 200, "1–25 of 60")
	b.get(path+"?search=N07").shows(t, 200, "1 matches", name(7), ">Clear</a>")
	b.get(path+"?search=%3Cscript%3E%E2%80%AE").shows(t, 200, "Nothing matches", "&lt;script&gt;[U&#43;202E]")
	b.get(path+"?search="+strings.Repeat("x", 10_000)).shows(t, 200, "Nothing matches")
}
