package config_test

import (
	"flag"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/config"
)

// given is one way to start: arguments, environment and the text of a file
// called settings.toml.
type given struct {
	args []string
	env  map[string]string
	file string
}

func (g given) load(t *testing.T, scope config.Scope) (*config.Config, error) {
	t.Helper()
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	flags := config.Register(set, scope)
	if err := set.Parse(g.args); err != nil {
		t.Fatal(err)
	}
	return config.Load(scope, config.Sources{
		Flags: flags,
		Env:   func(name string) string { return g.env[name] },
		ReadFile: func(name string) ([]byte, error) {
			if name != "settings.toml" {
				return nil, fs.ErrNotExist
			}
			return []byte(g.file), nil
		},
	})
}

func inFile(text string) given {
	return given{args: []string{"--config", "settings.toml"}, file: text}
}

// A flag wins over the environment, the environment over the file, the file over
// the default.
func TestStrength(t *testing.T) {
	tests := []struct {
		name string
		in   given
		want string
		from string
	}{
		{"default", given{}, ":8080", ""},
		{"file", inFile(`listen = ":1"`), ":1", "listen in settings.toml"},
		{"environment", given{env: map[string]string{"CROSSGATE_LISTEN": ":2"}}, ":2", "CROSSGATE_LISTEN"},
		{"flag", given{args: []string{"--listen", ":3"}}, ":3", "--listen"},
		{"the last of two flags", given{args: []string{"--listen", ":3", "--listen", ":4"}}, ":4", "--listen"},
		{"environment over file", given{
			args: []string{"--config", "settings.toml"}, file: `listen = ":1"`, env: map[string]string{"CROSSGATE_LISTEN": ":2"},
		}, ":2", "CROSSGATE_LISTEN"},
		{"flag over both", given{
			args: []string{"--config", "settings.toml", "--listen", ":3"}, file: `listen = ":1"`, env: map[string]string{"CROSSGATE_LISTEN": ":2"},
		}, ":3", "--listen"},
		{"file named by the environment", given{
			file: `listen = ":1"`, env: map[string]string{"CROSSGATE_CONFIG": "settings.toml"},
		}, ":1", "listen in settings.toml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := tt.in.load(t, config.ForServe)
			if err != nil {
				t.Fatal(err)
			}
			if c.Listen != tt.want {
				t.Errorf("listen = %q, want %q", c.Listen, tt.want)
			}
			if got := from(c, "listen"); got != tt.from {
				t.Errorf("from %q, want %q", got, tt.from)
			}
		})
	}
}

// from returns where the last value of a setting came from, "" for the default.
func from(c *config.Config, name string) (source string) {
	for _, g := range c.Given() {
		if g.Name == name {
			source = g.From
		}
	}
	return source
}

func TestManyValues(t *testing.T) {
	want := []string{"https://api.example.com", "https://api.example.org:8443"}
	tests := []struct {
		name string
		in   given
	}{
		{"flags", given{args: []string{"--public-url", "https://api.example.com", "--public-url", "https://API.example.org:8443/"}}},
		{"environment, commas", given{env: map[string]string{"CROSSGATE_PUBLIC_URL": "https://api.example.com:443,https://api.example.org:8443"}}},
		{"environment, spaces", given{env: map[string]string{"CROSSGATE_PUBLIC_URL": " https://api.example.com  https://api.example.org:8443 "}}},
		{"file", inFile(`public_url = ["https://api.example.com", "https://api.example.org:8443"]`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := tt.in.load(t, config.ForServe)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range c.PublicURLs {
				got = append(got, u.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Commands that only open the database are not hindered by the gateway's settings.
func TestScope(t *testing.T) {
	in := inFile("listen = \"nonsense\"\ndatabase = \"here.db\"\ntls_key = \"lonely.pem\"")
	c, err := in.load(t, config.ForData)
	if err != nil {
		t.Fatal(err)
	}
	if c.Database != "here.db" || c.Listen != "" {
		t.Errorf("database %q, listen %q", c.Database, c.Listen)
	}
}

// What is logged of the settings never holds a password.
func TestGivenHoldsNoPassword(t *testing.T) {
	_, err := given{args: []string{"--upstream", "http://ann:hunter2@127.0.0.1:1"}}.load(t, config.ForServe)
	want := `--upstream "http://ann:xxxxx@127.0.0.1:1": leave name and password out of the address`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	for value, want := range map[string]string{
		"postgres://ann:hun ter2@db/x":                            "postgres://ann:xxxxx@db/x",
		"postgres://ann:hun/ter2@db/x":                            "postgres://ann:xxxxx@db/x",
		"postgres://ann:hunter2?hunter2@db/x?sslmode=require":     "postgres://ann:xxxxx@db/x?sslmode=require",
		"postgres://ann:hunter2@hunter2@db/x":                     "postgres://ann:xxxxx@db/x",
		"postgres://hunter2@db/x?user=ann":                        "postgres://hunter2@db/x?user=ann",
		"postgres://db/x?user=ann&password=hunter2":               "postgres://db/x?xxxxx",
		"postgres://db/x?sslmode=verify-full&sslpassword=hunter2": "postgres://db/x?xxxxx",
		"postgres://hunter2%20@db/x":                              "postgres://xxxxx@db/x",
		"postgres://ann@a:5432,b:5432/x?target_session_attrs=any": "postgres://ann@a:5432,b:5432/x?target_session_attrs=any",
	} {
		c, err := given{args: []string{"--database", value}}.load(t, config.ForData)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Given()[0].Value; got != want {
			t.Errorf("%s is shown as %s, want %s", value, got, want)
		}
	}
}

// A database is a file or a PostgreSQL server.
func TestDatabase(t *testing.T) {
	for _, value := range []string{"crossgate.db", "/var/lib/x.db", "postgres://db/x", "postgresql://db/x"} {
		if c, err := (given{args: []string{"--database", value}}).load(t, config.ForData); err != nil || c.Database != value {
			t.Errorf("%s: error %v", value, err)
		}
	}
	for _, value := range []string{
		"", "mysql://db/x", "sqlite://x.db",
		"postgres:ann:hunter2@db", "host=db user=ann password=hunter2 dbname=x", "Port=1 PASSWORD=hunter2", // no file is made with such a name
	} {
		if _, err := (given{args: []string{"--database", value}}).load(t, config.ForData); err == nil || !strings.Contains(err.Error(), "give a file name for SQLite, or the address") ||
			strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: error %v", value, err)
		}
	}
}

// The secret key comes from the environment alone, is read where something is sealed,
// and is never shown.
func TestSecretKey(t *testing.T) {
	in := given{env: map[string]string{"CROSSGATE_SECRET_KEY": "hidden"}}
	for scope, want := range map[config.Scope]string{config.ForServe: "hidden", config.ForData | config.ForSeal: "hidden", config.ForData: ""} {
		c, err := in.load(t, scope)
		if err != nil {
			t.Fatal(err)
		}
		if c.SecretKey != want {
			t.Errorf("scope %b: key %q, want %q", scope, c.SecretKey, want)
		}
		if len(c.Given()) > 0 {
			t.Errorf("scope %b: shown as %v", scope, c.Given())
		}
	}
}

// What only the server has a flag for is read from the environment all the same.
func TestScopeWithoutFlag(t *testing.T) {
	c, err := given{env: map[string]string{"CROSSGATE_MODE": "observe"}}.load(t, config.ForData|config.ForSite)
	if err != nil {
		t.Fatal(err)
	}
	if from(c, "mode") != "CROSSGATE_MODE" {
		t.Errorf("mode from %q", from(c, "mode"))
	}
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	config.Register(set, config.ForData|config.ForSite)
	if set.Lookup("mode") != nil {
		t.Error("there is a flag --mode")
	}
}
