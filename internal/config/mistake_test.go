package config_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/config"
)

// Every mistake names the setting, where it came from, the value, and what to do.
func TestMistakes(t *testing.T) {
	flags := func(args ...string) given { return given{args: args} }
	tests := []struct {
		name string
		in   given
		want []string
	}{
		{"upstream without a scheme", flags("--upstream", "127.0.0.1:3000"), []string{
			`--upstream "127.0.0.1:3000": write an http:// or https:// address, as in http://127.0.0.1:3000`,
		}},
		{"upstream with a query", flags("--upstream", "http://a/?x"), []string{
			`--upstream "http://a/?x": leave the query and fragment away`,
		}},
		{"upstream with a port out of range", flags("--upstream", "http://a:99999"), []string{
			`--upstream "http://a:99999": the port must be a number from 0 to 65535`,
		}},
		{"listen without a port", flags("--listen", "localhost"), []string{
			`--listen "localhost": write HOST:PORT or :PORT, as in 127.0.0.1:8080`,
		}},
		{"listen on a named port", flags("--listen", ":http"), []string{
			`--listen ":http": the port must be a number from 0 to 65535`,
		}},
		{"public URL with a path", flags("--public-url", "https://a.example/api"), []string{
			`--public-url "https://a.example/api": leave everything behind the host and port away`,
		}},
		{"public URL in Unicode", flags("--public-url", "https://bücher.example"), []string{
			`--public-url "https://bücher.example": write the host as browsers do: a name in Punycode, or an IP address, with nothing behind the port`,
		}},
		{"proxy range with host bits", flags("--trusted-proxy", "10.1.0.0/8"), []string{
			`--trusted-proxy "10.1.0.0/8": the range has bits set behind its length: write 10.0.0.0/8`,
		}},
		{"proxy name", flags("--trusted-proxy", "proxy.example"), []string{
			`--trusted-proxy "proxy.example": write an address or a range of them, as in 10.0.0.0/8 or 192.0.2.7`,
		}},
		{"mode", flags("--mode", "off"), []string{`--mode "off": write enforce or observe`}},
		{"log format", flags("--log-format", "xml"), []string{`--log-format "xml": write text or json`}},
		{"drain notice", flags("--drain-notice", "5"), []string{`--drain-notice "5": write a duration from 0s to 10m, as in 5s`}},
		{"certificate without key", flags("--tls-cert", "c.pem"), []string{
			`--tls-cert: a certificate needs its key: give --tls-key, too`,
		}},
		{"key without certificate, from the environment", given{env: map[string]string{"CROSSGATE_TLS_KEY": "k.pem"}}, []string{
			`CROSSGATE_TLS_KEY: a key needs its certificate: give --tls-cert, too`,
		}},
		{"several at once, from everywhere", given{
			args: []string{"--config", "settings.toml", "--mode", "x"},
			env:  map[string]string{"CROSSGATE_LISTEN": "y"},
			file: "upstraem = \"http://a\"\nlog_format = \"z\"\ntrusted_proxies = [1]\ndashboard = 8081",
		}, []string{
			`settings.toml "upstraem": is no setting; did you mean upstream?`,
			`CROSSGATE_LISTEN "y": write HOST:PORT or :PORT, as in 127.0.0.1:8080`,
			`dashboard in settings.toml "8081": write text in quotes: dashboard = "…"`,
			`trusted_proxies in settings.toml "[1]": write text in quotes, or several in brackets: trusted_proxies = ["…", "…"]`,
			`--mode "x": write enforce or observe`,
			`log_format in settings.toml "z": write text or json`,
		}},
		{"a key that resembles none", inFile(`colour = "red"`), []string{
			`settings.toml "colour": is no setting; the settings are upstream, upstream_health, listen, dashboard, database, public_url, tls_cert, tls_key, dashboard_url, trusted_proxies, mode, secret_key_file, log_format, drain_notice, snapshot, snapshot_max_age, node_name`,
		}},
		{"not TOML", inFile("listen = \n"), []string{`settings.toml:1:10: not TOML: unexpected character U+000A at start of value`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.in.load(t, config.ForServe)
			if err == nil {
				t.Fatal("no mistake was found")
			}
			if diff := cmp.Diff(tt.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A dashboard that others can reach must be reached over TLS and know its name.
func TestDashboardOffLoopback(t *testing.T) {
	tls := []string{"--tls-cert", "c.pem", "--tls-key", "k.pem"}
	tests := []struct {
		name string
		args []string
		ok   bool
	}{
		{"loopback", []string{"--dashboard", "127.0.0.1:1"}, true},
		{"loopback, IPv6", []string{"--dashboard", "[::1]:1"}, true},
		{"localhost", []string{"--dashboard", "localhost:1"}, true},
		{"any address", []string{"--dashboard", ":1"}, false},
		{"one address", []string{"--dashboard", "192.0.2.1:1"}, false},
		{"any address, https URL", []string{"--dashboard", ":1", "--dashboard-url", "https://x.example"}, true},
		{"any address, http URL", []string{"--dashboard", ":1", "--dashboard-url", "http://x.example"}, false},
		{"any address, TLS", append([]string{"--dashboard", ":1"}, tls...), false},
		{"one address, TLS", append([]string{"--dashboard", "192.0.2.1:1"}, tls...), true},
		{"one address, TLS, http URL", append([]string{"--dashboard", "192.0.2.1:1", "--dashboard-url", "http://x.example"}, tls...), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := given{args: tt.args}.load(t, config.ForServe)
			if (err == nil) != tt.ok {
				t.Errorf("got %v, want ok = %v", err, tt.ok)
			}
		})
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	_, err := given{args: []string{"--config", "missing.toml"}}.load(t, config.ForData)
	var unreadable *config.FileError
	if !errors.As(err, &unreadable) || !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("got %v", err)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"serve", "domain", "token", "public-url"}
	for word, want := range map[string]string{
		"sevre": "serve", "domains": "domain", "tokne": "token", "PUBLIC_URL": "public-url",
		"explain": "", "x": "", "": "",
	} {
		if got := config.Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
