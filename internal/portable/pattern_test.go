package portable_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/portable"
	"github.com/crossgate/crossgate/trust"
)

func sorted(text string) []string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return lines
}

func TestPatterns(t *testing.T) {
	tests := []struct {
		pattern string
		want    string // the entries, or else what the mistake says
	}{
		{`~^https://(.*\.)?example\.com$`, "*.example.com example.com"},
		{`~^https://(?:.+\.)?example\.com$`, "*.example.com example.com"},
		{`~^https:\/\/[^/]+\.example\.com$`, "*.example.com"},
		{`~^https?://(www\.)?example\.com$`, "example.com www.example.com"},
		{`~^https?://(www|app)\.example\.(com|org)$`, "app.example.com app.example.org www.example.com www.example.org"},
		{`~*^https://App\.Example\.com$`, "app.example.com"},
		{`~^https://example\.com(:\d+)?$`, "example.com"},
		{`~^https://example\.com(:8443)?$`, "example.com example.com:8443"},
		{`~^http://localhost:[34]000$`, "http://localhost:3000 http://localhost:4000"},
		{`~^https://a\.example$|^https://b\.example$`, "a.example b.example"},

		{`~https://example\.com$`, "not held by ^ and $"},
		{`~^https://example\.com`, "not held by ^ and $"},
		{`~^https://a\.example$|b\.example`, "not held by ^ and $"},
		{`~^https://app.example\.com$`, "a dot without a backslash"},
		{`~^https://.*example\.com$`, "merely end like it"},
		{`~^https://([^.]+\.)?example\.com$`, "one level of subdomains"},
		{`~^https://[a-z0-9-]+\.example\.com$`, "one level of subdomains"},
		{`~^https://([a-z]+\.)*example\.com$`, "too intricate"},
		{`~^https://example\.com:\d+$`, "any port"},
		{`~^https://(?!evil)example\.com$`, "too intricate"},
		{`~^https://App\.example\.com$`, "does not match what browsers send"},
		{`~^https://.*$`, "merely end like it"},
		{`~.*`, "not held by ^ and $"},
		{`~^ftp://example\.com$`, "does not match what browsers send"},
		{`~^https://example\.com/.*$`, "merely end like it"},
		{`~^https://[a-e]{5}\.example$`, "too intricate"},
		{`~^https://.{3}\.example\.com$`, "too intricate"},
		{`~^https://app\d+\.example\.com$`, "too intricate"},
		{`~^https://[a-e][a-e][a-e]\.example$`, "more than 100 names"},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			entries, _, err := portable.Parse(portable.NginxMap, []byte(`"`+strings.ReplaceAll(tt.pattern, `\`, `\\`)+`" 1;`))
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v\nwant %s", err, tt.want)
				}
				return
			}
			var got []string
			for _, e := range entries {
				got = append(got, e.Domain)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), tt.want)
			}
		})
	}
}

// quoted is a text as it stands between nginx's quotes.
var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// What a pattern becomes never trusts an origin that the pattern does not match.
func FuzzPatternIsNeverWidened(f *testing.F) {
	f.Add(`^https://(.*\.)?example\.com$`, "https://a.b.example.com")
	f.Add(`^https?://(www|app)\.example\.com(:\d+)?$`, "http://app.example.com:8080")
	f.Add(`^https://[^.]+\.example\.com$`, "https://a.b.example.com")
	f.Add(`^https://a.example$|^http://localhost:[1-9]$`, "http://localhost:3")
	f.Fuzz(func(t *testing.T, pattern, origin string) {
		re, err := regexp.Compile(pattern)
		o, notOrigin := trust.ParseOrigin(origin)
		if err != nil || notOrigin != nil || re.MatchString(o.String()) {
			return
		}
		entries, _, err := portable.Parse(portable.NginxMap, []byte(`"~`+quoted.Replace(pattern)+`" 1;`))
		if err != nil {
			return
		}
		for _, e := range entries {
			if d, err := trust.ParseDomain(e.Domain); err == nil && d.Trusts(o) {
				t.Errorf("%s became %s, which trusts %s", pattern, e.Domain, o)
			}
		}
	})
}
