package trust

import (
	"strings"
	"testing"
)

func TestParseOrigin(t *testing.T) {
	for _, tc := range []struct {
		in, scheme, host, port string
	}{
		{"https://example.com", "https", "example.com", ""},
		{"http://example.com", "http", "example.com", ""},
		{"https://example.com:8443", "https", "example.com", "8443"},
		{"https://example.com:80", "https", "example.com", "80"},
		{"http://localhost:3000", "http", "localhost", "3000"},
		{"https://a.b.c.d.example.com", "https", "a.b.c.d.example.com", ""},
		{"https://xn--bcher-kva.example", "https", "xn--bcher-kva.example", ""},
		{"https://my_app.example.com", "https", "my_app.example.com", ""},
		{"https://-a-.example.com", "https", "-a-.example.com", ""},
		{"https://r3---sn-apo3qvuoxuxbt-j5pe.example.com", "https", "r3---sn-apo3qvuoxuxbt-j5pe.example.com", ""},
		{"https://192.0.2.1", "https", "192.0.2.1", ""},
		{"https://192.0.2.1:444", "https", "192.0.2.1", "444"},
		{"https://[2001:db8::1]", "https", "[2001:db8::1]", ""},
		{"http://[::1]:8080", "http", "[::1]", "8080"},
		{"https://[::ffff:c000:201]", "https", "[::ffff:c000:201]", ""},
		{"https://[::ffff:0:0]", "https", "[::ffff:0:0]", ""},
		{"capacitor://localhost", "capacitor", "localhost", ""},
		{"chrome-extension://abcdefghijklmnopabcdefghijklmnop", "chrome-extension", "abcdefghijklmnopabcdefghijklmnop", ""},
		{"https://" + strings.Repeat("a", 63) + ".com", "https", strings.Repeat("a", 63) + ".com", ""},
	} {
		o, err := ParseOrigin(tc.in)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if o.Scheme() != tc.scheme || o.Host() != tc.host || o.Port() != tc.port || o.String() != tc.in {
			t.Errorf("%s: got %q %q %q %q", tc.in, o.Scheme(), o.Host(), o.Port(), o)
		}
	}
}

// What a browser would have written differently, or not at all, is no origin.
func TestParseOriginRefuses(t *testing.T) {
	for in, want := range map[string]OriginReason{
		"":                                            OriginEmpty,
		"null":                                        OriginNull,
		"NULL":                                        OriginBadScheme,
		"*":                                           OriginBadScheme,
		"example.com":                                 OriginBadScheme,
		"//example.com":                               OriginBadScheme,
		"://example.com":                              OriginBadScheme,
		"HTTPS://example.com":                         OriginBadScheme,
		"https:/example.com":                          OriginBadScheme,
		"1http://example.com":                         OriginBadScheme,
		"ht tp://example.com":                         OriginBadScheme,
		"file://":                                     OriginBadScheme,
		"data://x":                                    OriginBadScheme,
		"blob://example.com":                          OriginBadScheme,
		"javascript://example.com":                    OriginBadScheme,
		"ws://example.com":                            OriginBadScheme,
		"wss://example.com":                           OriginBadScheme,
		"https://":                                    OriginBadHost,
		"https://Example.com":                         OriginBadHost,
		"https://example.com/":                        OriginBadHost,
		"https://example.com/path":                    OriginBadHost,
		"https://example.com?q":                       OriginBadHost,
		"https://example.com#f":                       OriginBadHost,
		"https://user@example.com":                    OriginBadHost,
		"https://user:pw@example.com":                 OriginBadPort,
		"https://example.com.":                        OriginBadHost,
		"https://.example.com":                        OriginBadHost,
		"https://a..example.com":                      OriginBadHost,
		"https://*.example.com":                       OriginBadHost,
		"https://bücher.example":                      OriginBadHost,
		"https://example.com{.evil.com":               OriginBadHost,
		"https://example.com`.evil.com":               OriginBadHost,
		"https://example.com'.evil.com":               OriginBadHost,
		"https://example.com,.evil.com":               OriginBadHost,
		"https://example.com%60.evil.com":             OriginBadHost,
		"https://example.com\\.evil.com":              OriginBadHost,
		"https://example.com\x00.evil":                OriginBadHost,
		"https://exa mple.com":                        OriginBadHost,
		" https://example.com":                        OriginBadScheme,
		"https://example.com ":                        OriginBadHost,
		"https://example.com\t":                       OriginBadHost,
		"https://a.example https://b.example":         OriginBadPort,
		"https://example.com:":                        OriginBadPort,
		"https://example.com:443":                     OriginBadPort,
		"http://example.com:80":                       OriginBadPort,
		"https://example.com:0":                       OriginBadPort,
		"https://example.com:0443":                    OriginBadPort,
		"https://example.com:08443":                   OriginBadPort,
		"https://example.com:65536":                   OriginBadPort,
		"https://example.com:99999999999":             OriginBadPort,
		"https://example.com:+80":                     OriginBadPort,
		"https://example.com:8443:8443":               OriginBadPort,
		"https://example.com:8443/":                   OriginBadPort,
		"https://1.2.3":                               OriginBadHost,
		"https://1.2.3.4.5":                           OriginBadHost,
		"https://01.2.3.4":                            OriginBadHost,
		"https://256.1.1.1":                           OriginBadHost,
		"https://0x7f.0.0.1":                          OriginBadHost,
		"https://127.1":                               OriginBadHost,
		"https://2130706433":                          OriginBadHost,
		"https://foo.0x1":                             OriginBadHost,
		"https://foo.1":                               OriginBadHost,
		"https://foo.0x":                              OriginBadHost,
		"https://[::1":                                OriginBadHost,
		"https://::1":                                 OriginBadPort,
		"https://[::1]x":                              OriginBadHost,
		"https://[0:0:0:0:0:0:0:1]":                   OriginBadHost,
		"https://[2001:DB8::1]":                       OriginBadHost,
		"https://[2001:db8:0:0::1]":                   OriginBadHost,
		"https://[::ffff:192.0.2.1]":                  OriginBadHost,
		"https://[fe80::1%25eth0]":                    OriginBadHost,
		"https://[127.0.0.1]":                         OriginBadHost,
		"https://" + strings.Repeat("a", 64) + ".com": OriginBadHost,
		"https://" + strings.Repeat("a.", 127) + "example": OriginBadHost,
		"https://" + strings.Repeat("a.", 200) + "example": OriginTooLong,
	} {
		o, err := ParseOrigin(in)
		e, ok := err.(*OriginError)
		if !ok || e.Reason != want {
			t.Errorf("ParseOrigin(%q) = %v, %v; want reason %q", in, o, err, want)
		}
		if ok && (e.Error() == "" || len(e.Error()) > 400) {
			t.Errorf("ParseOrigin(%q): unfit error %q", in, e.Error())
		}
	}
}

func TestOriginKinds(t *testing.T) {
	for text, want := range map[string]struct{ loopback, secure, ip bool }{
		"https://example.com":       {false, true, false},
		"http://example.com":        {false, false, false},
		"https://localhost":         {true, false, false},
		"http://app.localhost:3000": {true, false, false},
		"http://127.0.0.1:80":       {},
		"https://127.0.0.1":         {true, false, true},
		"https://127.9.9.9":         {true, false, true},
		"https://[::1]":             {true, false, true},
		"https://192.0.2.1":         {false, true, true},
		"https://127.example.com":   {false, true, false},
		"https://notlocalhost":      {false, true, false},
		"capacitor://localhost":     {true, false, false},
	} {
		o, _ := ParseOrigin(text)
		if o.IsLoopback() != want.loopback || o.IsSecure() != want.secure || o.IsIP() != want.ip {
			t.Errorf("%s: loopback %v, secure %v, ip %v", text, o.IsLoopback(), o.IsSecure(), o.IsIP())
		}
	}
}

func TestZeroOrigin(t *testing.T) {
	var o Origin
	if !o.IsZero() || o.String()+o.Scheme()+o.Host()+o.Port()+o.Authority() != "" || o.IsLoopback() || o.IsSecure() || o.IsIP() {
		t.Error("the zero Origin says something")
	}
}

// Whatever parses is written back as it came, is made of its parts, and is an entry
// that trusts it.
func FuzzParseOrigin(f *testing.F) {
	for _, s := range []string{"https://example.com", "http://[::1]:8080", "https://1.2.3.4", "null", "capacitor://localhost", "https://a_b.c:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, err := ParseOrigin(s)
		if err != nil {
			return
		}
		whole := o.Scheme() + "://" + o.Host()
		if o.Port() != "" {
			whole += ":" + o.Port()
		}
		if o.String() != s || whole != s {
			t.Fatalf("%q is written %q, and made of %q", s, o, whole)
		}
		d, err := ParseDomain(s)
		if err != nil {
			t.Fatalf("the origin %q is no entry: %v", s, err)
		}
		if !d.Trusts(o) {
			t.Fatalf("the entry %q (%v) does not trust the origin", s, d)
		}
	})
}
