package trust

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

func mustDomain(t testing.TB, s string) Domain {
	t.Helper()
	d, err := ParseDomain(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustOrigin(t testing.TB, s string) Origin {
	t.Helper()
	o, err := ParseOrigin(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestParseDomainNormalises(t *testing.T) {
	for in, want := range map[string]string{
		"app.example.com":               "app.example.com",
		"  app.example.com\t":           "app.example.com",
		"App.Example.COM":               "app.example.com",
		"https://app.example.com":       "app.example.com",
		"HTTPS://app.example.com":       "app.example.com",
		"https://app.example.com/":      "app.example.com",
		"//app.example.com":             "app.example.com",
		"app.example.com/":              "app.example.com",
		"app.example.com:443":           "app.example.com",
		"https://app.example.com:443/":  "app.example.com",
		"app.example.com:80":            "app.example.com:80",
		"app.example.com:8443":          "app.example.com:8443",
		"*.example.com":                 "*.example.com",
		"https://*.Example.com:8443":    "*.example.com:8443",
		"http://legacy.example.com":     "http://legacy.example.com",
		"http://legacy.example.com:80":  "http://legacy.example.com",
		"http://legacy.example.com:443": "http://legacy.example.com:443",
		"localhost":                     "localhost",
		"LOCALHOST":                     "localhost",
		"localhost:3000":                "localhost:3000",
		"localhost:443":                 "localhost:443",
		"http://localhost:3000":         "http://localhost:3000",
		"http://localhost:80":           "http://localhost",
		"https://localhost":             "https://localhost",
		"127.0.0.1":                     "127.0.0.1",
		"[::1]":                         "[::1]",
		"[0:0:0:0:0:0:0:1]:3000":        "[::1]:3000",
		"app.localhost":                 "app.localhost",
		"*.localhost":                   "*.localhost",
		"192.0.2.1":                     "192.0.2.1",
		"[2001:DB8::1]":                 "[2001:db8::1]",
		"[::ffff:192.0.2.1]":            "[::ffff:c000:201]",
		"bücher.example":                "xn--bcher-kva.example",
		"BÜCHER.example":                "xn--bcher-kva.example",
		"xn--bcher-kva.example":         "xn--bcher-kva.example",
		"XN--BCHER-KVA.example":         "xn--bcher-kva.example",
		"straße.example":                "xn--strae-oqa.example", // non-transitional: ß is kept
		"例え。テスト":                        "xn--r8jz45g.xn--zckzah",
		"*.bücher.example":              "*.xn--bcher-kva.example",
		"my_app.example.com":            "my_app.example.com",
		"intranet":                      "intranet",
		"capacitor://localhost":         "capacitor://localhost",
		"Ionic://localhost":             "ionic://localhost",
		"chrome-extension://" + strings.Repeat("ab", 16): "chrome-extension://" + strings.Repeat("ab", 16),
	} {
		d, err := ParseDomain(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if d.String() != want {
			t.Errorf("%q is saved as %q, want %q", in, d, want)
		}
		if again := mustDomain(t, d.String()); again != d {
			t.Errorf("%q: %+v is parsed again as %+v", in, d, again)
		}
		if again := mustDomain(t, d.Unicode()); again != d {
			t.Errorf("%q: the readable form %q is another entry", in, d.Unicode())
		}
	}
}

func TestParseDomainRefuses(t *testing.T) {
	for _, tc := range []struct {
		in      string
		want    DomainReason
		suggest string
	}{
		{"", DomainEmpty, ""},
		{"   ", DomainEmpty, ""},
		{"*", DomainAny, ""},
		{"https://*", DomainAny, ""},
		{"*:8080", DomainAny, ""},
		{"null", DomainNull, ""},
		{"NULL", DomainNull, ""},
		{"example.com/path", DomainPath, "example.com"},
		{"https://example.com/a/b", DomainPath, "example.com"},
		{"http://example.com/a", DomainPath, "http://example.com"},
		{"example.com//", DomainPath, "example.com"},
		{"example.com?x=1", DomainQuery, "example.com"},
		{"https://example.com/?x=1", DomainPath, "example.com"},
		{"example.com#top", DomainFragment, "example.com"},
		{"user@example.com", DomainUserinfo, "example.com"},
		{"https://user:pw@example.com:8443", DomainUserinfo, "example.com:8443"},
		{"https://example.com@evil.example", DomainUserinfo, "evil.example"},
		{"*example.com", DomainBadWildcard, "*.example.com"},
		{"app.*.example.com", DomainBadWildcard, "*.example.com"},
		{"app*.example.com", DomainBadWildcard, "*.example.com"},
		{"a*b.example.com", DomainBadWildcard, "*.example.com"},
		{"a*b.com", DomainBadWildcard, ""},
		{"*.*.example.com", DomainBadWildcard, "*.example.com"},
		{"example.*", DomainBadWildcard, ""},
		{"*://example.com", DomainBadWildcard, "example.com"},
		{"*.192.0.2.1", DomainBadWildcard, ""},
		{"*.[::1]", DomainBadWildcard, ""},
		{"chrome-extension://*.x", DomainBadWildcard, ""},
		{`^https://.*\.example\.com$`, DomainRegexp, ""},
		{`(a|b).example.com`, DomainRegexp, ""},
		{`.*.example.com`, DomainRegexp, ""},
		{"example.com:", DomainBadPort, "example.com"},
		{"example.com:0", DomainBadPort, "example.com"},
		{"example.com:65536", DomainBadPort, "example.com"},
		{"example.com:08443", DomainBadPort, "example.com"},
		{"http://localhost:*", DomainBadPort, "localhost"},
		{"https://example.com:*", DomainBadPort, "example.com"},
		{"example.com:http", DomainBadPort, "example.com"},
		{"*.example.com:x", DomainBadPort, "*.example.com"},
		{"a:1:2", DomainBadPort, ""},
		{"::1", DomainBadIPv6, "[::1]"},
		{"2001:db8::1", DomainBadIPv6, "[2001:db8::1]"},
		{"[::1", DomainBadIPv6, ""},
		{"[1.2.3.4]", DomainBadIPv6, ""},
		{"[fe80::1%eth0]", DomainZone, "[fe80::1]"},
		{"file:///etc/passwd", DomainBadScheme, ""},
		{"data:text/html,x", DomainBadScheme, ""},
		{"javascript:alert(1)", DomainRegexp, ""},
		{"javascript:x", DomainBadScheme, ""},
		{"about:blank", DomainBadScheme, ""},
		{"blob:https://example.com/1", DomainBadScheme, ""},
		{"ftp://example.com", DomainBadScheme, ""},
		{"ws://example.com", DomainBadScheme, ""},
		{"wss://example.com", DomainBadScheme, ""},
		{"1x://example.com", DomainBadScheme, ""},
		{"example.com.", DomainBadName, "example.com"},
		{".example.com", DomainBadName, "example.com"},
		{"a..example.com", DomainBadName, ""},
		{"https://", DomainBadName, ""},
		{":3000", DomainBadName, ""},
		{"*.", DomainBadName, ""},
		{"xn--a.example", DomainBadName, ""},
		{"exa mple.com", DomainBadCharacter, ""},
		{"example.com{.evil.com", DomainRegexp, ""},
		{"example.com`.evil.com", DomainBadCharacter, ""},
		{"example.com,other.com", DomainBadCharacter, ""},
		{`example.com\evil`, DomainBadCharacter, ""},
		{"example%2ecom", DomainBadCharacter, ""},
		{"exam\u200dple.com", DomainBadCharacter, ""},
		{"exam\u00adple.com", DomainBadCharacter, ""},
		{"\u202eexample.com", DomainBadCharacter, ""},
		{"example.com\x00", DomainBadCharacter, ""},
		{"\xff.example.com", DomainBadCharacter, ""},
		{"<script>", DomainBadCharacter, ""},
		{"capacitor://lökal", DomainBadCharacter, ""},
		{"1.2.3", DomainBadNumber, ""},
		{"127.1", DomainBadNumber, ""},
		{"0x7f000001", DomainBadNumber, ""},
		{"2130706433", DomainBadNumber, ""},
		{"256.0.0.1", DomainBadNumber, ""},
		{"010.0.0.1", DomainBadNumber, ""},
		{strings.Repeat("a", 64) + ".com", DomainTooLong, ""},
		{strings.Repeat("a.", 130) + "com", DomainTooLong, ""},
		{strings.Repeat("ü", 60) + ".com", DomainTooLong, ""},
		{strings.Repeat("a", 3000), DomainTooLong, ""},
		{strings.Repeat("a", 200) + "://" + strings.Repeat("a.", 50) + "com", DomainTooLong, ""},
	} {
		d, err := ParseDomain(tc.in)
		e, ok := err.(*DomainError)
		if !ok {
			t.Errorf("%q is saved as %q (%v), want %s", tc.in, d, err, tc.want)
			continue
		}
		if e.Reason != tc.want || e.Suggest != tc.suggest {
			t.Errorf("%q: %s, suggests %q; want %s, %q (%v)", tc.in, e.Reason, e.Suggest, tc.want, tc.suggest, e)
		}
		if strings.Contains(e.Detail, "%!") || len(e.Error()) > 600 {
			t.Errorf("%q: unfit error %q", tc.in, e.Error())
		}
	}
}

// The table of what an entry means.
func TestTrusts(t *testing.T) {
	for entry, origins := range map[string]struct{ trusted, not []string }{
		"app.example.com": {
			[]string{"https://app.example.com"},
			[]string{"http://app.example.com", "https://app.example.com:8443", "https://www.app.example.com", "https://example.com", "https://app.example.com.evil.com", "https://evilapp.example.com"},
		},
		"*.example.com": {
			[]string{"https://a.example.com", "https://a.b.example.com", "https://www.example.com"},
			[]string{"https://example.com", "https://badexample.com", "http://a.example.com", "https://a.example.com:8443", "https://example.com.evil.com", "https://a.example.com.evil.com"},
		},
		"*.example.com:8443": {
			[]string{"https://a.example.com:8443"},
			[]string{"https://a.example.com", "http://a.example.com:8443", "https://example.com:8443"},
		},
		"example.com:8443": {
			[]string{"https://example.com:8443"},
			[]string{"https://example.com", "http://example.com:8443"},
		},
		"http://legacy.example.com": {
			[]string{"http://legacy.example.com"},
			[]string{"https://legacy.example.com", "http://legacy.example.com:8080"},
		},
		"localhost": {
			[]string{"http://localhost", "https://localhost", "http://localhost:3000", "https://localhost:8443"},
			[]string{"http://127.0.0.1", "http://app.localhost", "capacitor://localhost", "http://localhost.evil.com"},
		},
		"127.0.0.1": {[]string{"http://127.0.0.1:8080", "https://127.0.0.1"}, []string{"http://localhost", "http://127.0.0.2"}},
		"[::1]":     {[]string{"http://[::1]:8080", "https://[::1]"}, []string{"http://localhost"}},
		"app.localhost": {
			[]string{"http://app.localhost", "https://app.localhost:1"},
			[]string{"http://localhost", "http://b.app.localhost"},
		},
		"localhost:3000": {
			[]string{"http://localhost:3000", "https://localhost:3000"},
			[]string{"http://localhost", "http://localhost:3001"},
		},
		"localhost:443":         {[]string{"https://localhost", "http://localhost:443"}, []string{"http://localhost"}},
		"localhost:80":          {[]string{"http://localhost", "https://localhost:80"}, []string{"https://localhost"}},
		"http://localhost:3000": {[]string{"http://localhost:3000"}, []string{"https://localhost:3000", "http://localhost"}},
		"capacitor://localhost": {[]string{"capacitor://localhost"}, []string{"http://localhost", "ionic://localhost", "capacitor://localhost:1"}},
		"192.0.2.1":             {[]string{"https://192.0.2.1"}, []string{"http://192.0.2.1", "https://192.0.2.1:444"}},
		"bücher.example":        {[]string{"https://xn--bcher-kva.example"}, []string{"https://bucher.example"}},
	} {
		d := mustDomain(t, entry)
		for _, o := range origins.trusted {
			if !d.Trusts(mustOrigin(t, o)) {
				t.Errorf("%s does not trust %s", entry, o)
			}
		}
		for _, o := range origins.not {
			if d.Trusts(mustOrigin(t, o)) {
				t.Errorf("%s trusts %s", entry, o)
			}
		}
		if d.Trusts(Origin{}) || (Domain{}).Trusts(mustOrigin(t, origins.trusted[0])) {
			t.Error("a zero value trusts or is trusted")
		}
	}
}

func TestConfirmations(t *testing.T) {
	for entry, want := range map[string][]Confirmation{
		"app.example.com":           nil,
		"*.example.com":             nil,
		"localhost":                 nil,
		"http://localhost:3000":     nil,
		"*.localhost":               nil,
		"github.io":                 nil,
		"http://legacy.example.com": {ConfirmInsecure},
		"capacitor://localhost":     {ConfirmInsecure},
		"*.com":                     {ConfirmPublicSuffix},
		"*.co.uk":                   {ConfirmPublicSuffix},
		"*.github.io":               {ConfirmPublicSuffix},
		"*.kawasaki.jp":             {ConfirmPublicSuffix}, // every name below it is a public suffix
		"*.amazonaws.com":           {ConfirmPublicSuffix}, // s3.amazonaws.com is one
		"*.windows.net":             {ConfirmPublicSuffix}, // blob.core.windows.net is one
		"*.core.windows.net":        {ConfirmPublicSuffix},
		"amazonaws.com":             nil,
		"*.city.kawasaki.jp":        nil, // and this one is not
		"*.internal":                {ConfirmPublicSuffix},
		"*.user.github.io":          nil,
		"http://*.com":              {ConfirmInsecure, ConfirmPublicSuffix},
		"exаmple.com":               {ConfirmLookAlike}, // a Cyrillic а
		"аррӏе.com":                 nil,                // Cyrillic throughout
		"bücher.example":            nil,
		"日本語かな.jp":                  nil,
	} {
		if got := mustDomain(t, entry).Confirmations(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", entry, got, want)
		}
	}
}

// The table of names above public suffixes belongs to the version of the list that
// is built in: after an update of golang.org/x/net, run go generate ./trust.
func TestSuffixParents(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("no build information")
	}
	for _, dep := range info.Deps {
		if dep.Path == "golang.org/x/net" && dep.Version != suffixListVersion {
			t.Errorf("made from %s, and the list is that of %s", suffixListVersion, dep.Version)
		}
	}
	if !slices.IsSorted(suffixParents[:]) || len(suffixParents) < 500 {
		t.Errorf("%d names, in order: %v", len(suffixParents), slices.IsSorted(suffixParents[:]))
	}
	for _, name := range suffixParents {
		if isPublicSuffix(name) || !validName(name) {
			t.Errorf("%q does not belong here", name)
		}
	}
}

func TestDomainText(t *testing.T) {
	d := mustDomain(t, "https://BÜCHER.example/")
	text, err := d.MarshalText()
	if err != nil || string(text) != "xn--bcher-kva.example" || d.Unicode() != "bücher.example" {
		t.Errorf("%s, %v, %s", text, err, d.Unicode())
	}
	var again Domain
	if err := again.UnmarshalText(text); err != nil || again != d {
		t.Errorf("%v, %v", again, err)
	}
	if err := again.UnmarshalText([]byte("*")); err == nil {
		t.Error("* unmarshals")
	}
	if err := again.UnmarshalText(nil); err != nil || !again.IsZero() {
		t.Error("the zero Domain does not come back")
	}
}

// Whatever parses is written in a form that parses to the same, and stays the same
// when typed with the decorations that people paste.
func FuzzParseDomain(f *testing.F) {
	for _, s := range []string{"app.example.com", "*.bücher.example:8443", "localhost:3000", "http://[::1]", "capacitor://x", "a..b", "*", "1.2.3.4", "//x/", "a@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDomain(s)
		if err != nil {
			if e, ok := err.(*DomainError); !ok || e.Detail == "" || e.Reason == "" {
				t.Fatalf("%q: %#v", s, err)
			} else if e.Suggest != "" {
				mustDomain(t, e.Suggest)
			}
			return
		}
		for _, typed := range []string{d.String(), " " + d.String() + "\n", d.String() + "/", strings.ToUpper(d.String())} {
			if again, err := ParseDomain(typed); err != nil || again != d {
				t.Fatalf("%q: %+v; typed as %q: %+v, %v", s, d, typed, again, err)
			}
		}
		if !d.IsWildcard() && d.scheme() != "" {
			text := d.String()
			if !strings.Contains(text, "://") {
				text = "https://" + text
			}
			if o, err := ParseOrigin(text); err != nil || !d.Trusts(o) {
				t.Fatalf("%q trusts exactly %q: %v", s, text, err)
			}
		}
	})
}
