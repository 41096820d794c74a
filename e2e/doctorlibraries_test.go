package e2e

import (
	"bufio"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/rs/cors"

	"github.com/crossgate/crossgate/internal/explain"
)

// TestDoctorOnRSCors examines servers with rs/cors, set up well, and badly in ways that
// are common.
func TestDoctorOnRSCors(t *testing.T) {
	good := cors.Options{
		AllowedOrigins: []string{app}, AllowedMethods: []string{"GET", "HEAD", "PUT"}, AllowedHeaders: []string{"Content-Type", "Authorization"},
		MaxAge: 600, AllowCredentials: true,
	}
	but := func(change func(*cors.Options)) cors.Options {
		options := good
		change(&options)
		return options
	}
	suffix := but(func(o *cors.Options) {
		o.AllowOriginFunc = func(origin string) bool { return strings.HasSuffix(origin, "example.com") }
	})
	prefix := but(func(o *cors.Options) {
		o.AllowOriginFunc = func(origin string) bool { return strings.HasPrefix(origin, app) }
	})
	anybody := but(func(o *cors.Options) { o.AllowOriginFunc = func(string) bool { return true } })
	setups := map[string]http.Handler{
		"good":                      cors.New(good).Handler(items{}),
		"defaults":                  cors.Default().Handler(items{}),
		"everybody":                 cors.AllowAll().Handler(items{}),
		"everybody by a function":   cors.New(anybody).Handler(items{}),
		"a suffix":                  cors.New(suffix).Handler(items{}),
		"a prefix":                  cors.New(prefix).Handler(items{}),
		"another origin":            cors.New(but(func(o *cors.Options) { o.AllowedOrigins = []string{"https://www.example.com"} })).Handler(items{}),
		"a wildcard within a name":  cors.New(but(func(o *cors.Options) { o.AllowedOrigins = []string{"https://*example.com"} })).Handler(items{}),
		"subdomains":                cors.New(but(func(o *cors.Options) { o.AllowedOrigins = []string{"https://*.example.com"} })).Handler(items{}),
		"http as well":              cors.New(but(func(o *cors.Options) { o.AllowedOrigins = []string{app, "http://app.example.com"} })).Handler(items{}),
		"null in the list":          cors.New(but(func(o *cors.Options) { o.AllowedOrigins = []string{app, "null"} })).Handler(items{}),
		"method left out":           cors.New(but(func(o *cors.Options) { o.AllowedMethods = []string{"GET", "POST"} })).Handler(items{}),
		"HEAD left out":             cors.New(but(func(o *cors.Options) { o.AllowedMethods = []string{"GET"} })).Handler(items{}),
		"header left out":           cors.New(but(func(o *cors.Options) { o.AllowedHeaders = []string{"Authorization"} })).Handler(items{}),
		"no max age":                cors.New(but(func(o *cors.Options) { o.MaxAge = 0 })).Handler(items{}),
		"wildcard with credentials": cors.New(but(func(o *cors.Options) { o.AllowedOrigins = []string{"*"} })).Handler(items{}),
		"signing in first":          signingIn(cors.New(good).Handler(items{})),
		"set again":                 cors.New(good).Handler(again{}),
		"passed through":            cors.New(but(func(o *cors.Options) { o.OptionsPassthrough = true })).Handler(items{}),
	}
	for _, p := range []patient{
		{"good", "good", reads, true, nil},
		{"good, with credentials", "good", readsAsOne, true, nil},
		{"good, and a preflight", "good", changes, true, nil},
		{"good, and a preflight with credentials", "good", changesAsOne, true, nil},
		{"good, and a token", "good", authorized, true, nil},
		{"good, and an error", "good", readsElse, true, nil},
		{"subdomains", "subdomains", reads, true, nil},
		{"defaults", "defaults", reads, true, nil},
		{"defaults, with credentials", "defaults", readsAsOne, false, codes(explain.AllowOriginWildcard)},
		{"defaults, and a method", "defaults", changes, false, codes(explain.PreflightIgnored)},
		{"everybody", "everybody", changes, true, codes(explain.MaxAgeMissing)},
		{"everybody by a function", "everybody by a function", reads, true, codes(explain.OriginReflected, explain.NullAllowed)},
		{"a suffix", "a suffix", reads, true, codes(explain.LookAlikeAllowed, explain.InsecureAllowed)},
		{"a prefix", "a prefix", changes, true, codes(explain.LookAlikeAllowed)},
		{"a wildcard within a name", "a wildcard within a name", reads, true, codes(explain.LookAlikeAllowed)},
		{"http as well", "http as well", reads, true, codes(explain.InsecureAllowed)},
		{"null in the list", "null in the list", reads, true, codes(explain.NullAllowed)},
		{"another origin", "another origin", reads, false, codes(explain.AllowOriginMissing)},
		{"another origin, and a preflight", "another origin", changes, false, codes(explain.PreflightIgnored)},
		{"method left out", "method left out", changes, false, codes(explain.PreflightIgnored)},
		{"HEAD left out", "HEAD left out", reads, true, codes(explain.HeadDiffers)},
		{"header left out", "header left out", changes, false, codes(explain.PreflightIgnored)},
		{"no max age", "no max age", changes, true, codes(explain.MaxAgeMissing)},
		{"wildcard with credentials", "wildcard with credentials", readsAsOne, false, codes(explain.AllowOriginWildcard)},
		{"signing in first", "signing in first", authorized, false, codes(explain.PreflightStatus, explain.ErrorHidden)},
		{"set again", "set again", reads, false, codes(explain.AllowOriginDoubled)},
		{"passed through to an API that knows no OPTIONS", "passed through", changes, false, codes(explain.PreflightStatus)},
	} {
		t.Run(p.name, func(t *testing.T) {
			holdPatient(t, serveSite(t, "127.0.0.1", setups[p.server]).Origin+"/items", p)
		})
	}
}

func codes(all ...explain.FindingCode) []explain.FindingCode { return all }

// items is an API that knows nothing of CORS.
type items struct{}

func (items) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != "/items":
		http.NotFound(w, r)
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		io.WriteString(w, "[1,2,3]")
	}
}

// again is an API that answers CORS by itself, behind a layer that does so too.
type again struct{}

func (again) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Access-Control-Allow-Origin", app)
	items{}.ServeHTTP(w, r)
}

// signingIn asks for a token before anything else: also the preflight, which has none.
func signingIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// TestDoctorOnExpress examines servers with Express and expressjs/cors likewise.
func TestDoctorOnExpress(t *testing.T) {
	for _, p := range []patient{
		{"good", "good", reads, true, nil},
		{"good, with credentials", "good", readsAsOne, true, nil},
		{"good, and a preflight", "good", changes, true, nil},
		{"good, and a preflight with credentials", "good", changesAsOne, true, nil},
		{"good, and a token", "good", authorized, true, nil},
		{"good, and an error", "good", readsElse, true, nil},
		{"defaults", "defaults", reads, true, nil},
		{"defaults, and a preflight", "defaults", changes, true, codes(explain.MaxAgeMissing)},
		{"defaults, with credentials", "defaults", readsAsOne, false, codes(explain.AllowOriginWildcard)},
		{"origin true", "origin true", reads, true, codes(explain.OriginReflected, explain.NullAllowed)},
		{"origin with a slash", "origin with a slash", reads, false, codes(explain.AllowOriginSlash)},
		{"pattern without a beginning", "pattern without a beginning", reads, true, codes(explain.LookAlikeAllowed, explain.InsecureAllowed)},
		{"pattern without an end", "pattern without an end", changes, true, codes(explain.LookAlikeAllowed)},
		{"pattern with a bare dot", "pattern with a bare dot", reads, true, codes(explain.LookAlikeAllowed)},
		{"pattern for http", "pattern for http", reads, true, codes(explain.InsecureAllowed)},
		{"null in the list", "null in the list", changes, true, codes(explain.NullAllowed)},
		{"list as a text", "list as a text", reads, false, codes(explain.AllowOriginList)},
		{"another origin", "another origin", reads, false, codes(explain.AllowOriginMismatch)},
		{"method left out", "method left out", changes, false, codes(explain.AllowMethodsMissing)},
		{"header left out", "header left out", changes, false, codes(explain.AllowHeadersMissing)},
		{"wildcard with credentials", "wildcard with credentials", readsAsOne, false, codes(explain.AllowOriginWildcard)},
		{"no max age", "no max age", changes, true, codes(explain.MaxAgeMissing)},
		{"after the routes", "after the routes", reads, false, codes(explain.AllowOriginMissing)},
		{"on the route alone", "on the route alone", changes, false, codes(explain.PreflightIgnored, explain.ErrorHidden)},
		{"signing in first", "signing in first", authorized, false, codes(explain.PreflightStatus, explain.ErrorHidden)},
		{"set again", "set again", reads, false, codes(explain.AllowOriginDoubled)},
	} {
		t.Run(p.name, func(t *testing.T) {
			holdPatient(t, express(t, p.server)+"/items", p)
		})
	}
}

// express starts an Express server, until the test ends, and returns its URL.
func express(t *testing.T, kind string) string {
	t.Helper()
	command := exec.Command("node", "servers/express.js", kind)
	open, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	printed, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints strings.Builder
	command.Stderr = &complaints
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		open.Close()
		command.Wait()
	})
	port, err := bufio.NewReader(printed).ReadString('\n')
	if err != nil {
		t.Fatalf("express does not start: was make e2e run, which installs the packages?\n%s", complaints.String())
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}
