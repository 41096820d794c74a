package security

import (
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

func TestTrusts(t *testing.T) {
	tests := []struct{ entry, want string }{
		{"app.example.com", "Trusts pages of https://app.example.com."},
		{"example.com:8443", "Trusts pages of https://example.com:8443."},
		{"*.example.com", "Trusts pages of every name below example.com over https, but not of example.com itself."},
		{"http://*.example.com", "Trusts pages of every name below example.com over http, but not of example.com itself."},
		{"http://old.example.com", "Trusts pages of exactly http://old.example.com."},
		{"localhost", "Trusts pages of http://localhost and https://localhost, on any port."},
		{"[::1]", "Trusts pages of http://[::1] and https://[::1], on any port."},
		{"[::1]:3000", "Trusts pages of http://[::1]:3000 and https://[::1]:3000."},
		{"localhost:3000", "Trusts pages of http://localhost:3000 and https://localhost:3000."},
		{"http://localhost:3000", "Trusts pages of exactly http://localhost:3000."},
		{"capacitor://localhost", "Trusts pages of exactly capacitor://localhost."},
	}
	for _, test := range tests {
		t.Run(test.entry, func(t *testing.T) {
			if got := trusts(mustDomain(t, test.entry)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestBadges(t *testing.T) {
	tests := []struct {
		name, entry string
		off         bool
		expires     time.Duration
		want        string
	}{
		{"nothing to say", "app.example.com", false, 0, ""},
		{"off", "app.example.com", true, 0, "Off"},
		{"expires", "app.example.com", false, 24 * time.Hour, "Expires in 24 hours"},
		{"expires now", "app.example.com", false, -1, "Expired just now"},
		{"expired", "app.example.com", false, -3 * 24 * time.Hour, "Expired 3 days ago"},
		{"insecure", "http://old.example.com", false, 0, "Insecure"},
		{"loopback", "localhost", false, 0, "This machine"},
		{"loopback over http", "http://127.0.0.1:3000", false, 0, "This machine"},
		{"app", "chrome-extension://abcdefghijklmnopabcdefghijklmnop", false, 0, "App"},
		{"everything", "http://old.example.com", true, time.Hour, "Off, Expires in 1 hour, Insecure"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := control.Domain{Domain: mustDomain(t, test.entry), Enabled: !test.off}
			if test.expires != 0 {
				d.ExpiresAt = noon.Add(test.expires)
			}
			var texts []string
			for _, b := range badges(noon, d) {
				texts = append(texts, b.Text)
			}
			if got := strings.Join(texts, ", "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestOriginOf(t *testing.T) {
	tests := []struct{ typed, want string }{
		{"https://app.example.com", "https://app.example.com"},
		{" app.example.com ", "https://app.example.com"},
		{"app.example.com:8443", "https://app.example.com:8443"},
		{"HTTPS://App.Example.com/login?a#b", "https://app.example.com"},
		{"http://localhost:3000/", "http://localhost:3000"},
		{"capacitor://localhost", "capacitor://localhost"},
		{"null", "null"},
		{"https://", "https://"},
		{"https://a b", "https://a b"},
		{"https://user@app.example.com/", "https://app.example.com"},
	}
	for _, test := range tests {
		t.Run(test.typed, func(t *testing.T) {
			if got := originOf(test.typed); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
