package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// running holds the server of each script.
type running struct{ *process }

// start starts crossgate serve on free ports and waits until it is ready: start
// [ARGUMENT]... It sets $GATEWAY and $DASHBOARD. The log goes to the file log at stop.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: start [ARGUMENT]...")
	}
	path := filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], "crossgate")
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--dashboard", "127.0.0.1:0"}, args...)
	p, err := startProcess(path, ts.MkAbs("."), environ(database(ts)...), args...)
	ts.Check(err)
	ts.Defer(func() {
		p.kill()
		ts.Logf("[log]\n%s", p.stderr.String())
	})
	for variable, pattern := range map[string]string{
		"GATEWAY":   `gateway ready.*address"?[=:]"?(http[^\s"]+)`,
		"DASHBOARD": `dashboard ready.*address"?[=:]"?(http[^\s"]+)`,
	} {
		found, err := p.await(&p.stderr, pattern)
		ts.Check(err)
		ts.Setenv(variable, found[1])
	}
	ts.SetCmd("stop", running{p}.stop)
	ts.SetCmd("link", running{p}.link)
}

// database is the one that a script has been given, with its key, for the environment.
func database(ts *testscript.TestScript) (env []string) {
	for _, name := range []string{"CROSSGATE_DATABASE", "CROSSGATE_SECRET_KEY"} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// unstarted is stop and link without a start before it.
func unstarted(ts *testscript.TestScript, _ bool, _ []string) { ts.Fatalf("nothing was started") }

// link sets $LINK to the first-run link that the server prints: link
func (r running) link(ts *testscript.TestScript, _ bool, _ []string) {
	found, err := r.await(&r.stderr, `link"?[=:]"(http[^\s"]+)"`)
	ts.Check(err)
	ts.Setenv("LINK", found[1])
}

// stop asks the server to stop as Ctrl-C (INT) or a supervisor (TERM) does, and wants it to
// exit with 0: stop INT|TERM
func (r running) stop(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM}
	if neg || len(args) != 1 || signals[args[0]] == 0 {
		ts.Fatalf("usage: stop INT|TERM")
	}
	code, err := r.process.stop(signals[args[0]])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("log"), []byte(r.stderr.String()), 0o600))
	if code != 0 {
		ts.Fatalf("exit code %d: %s", code, r.stderr.String())
	}
}

// fetch makes one request and wants a status: fetch STATUS METHOD URL [FIELD: VALUE]...
// The response's head and body go to standard output.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fetch STATUS METHOD URL [FIELD: VALUE]...")
	}
	status, text, err := request(args[1], args[2], "", args[3:])
	ts.Check(err)
	_, err = io.WriteString(ts.Stdout(), text)
	ts.Check(err)
	if status != args[0] {
		ts.Fatalf("status %s, want %s\n%s", status, args[0], text)
	}
}

// post sends a form, and writes what came back to standard output:
// post STATUS URL FORM [FIELD: VALUE]...
func post(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: post STATUS URL FORM [FIELD: VALUE]...")
	}
	status, text, err := request("POST", args[1], args[2], append([]string{"Content-Type: application/x-www-form-urlencoded"}, args[3:]...))
	ts.Check(err)
	_, err = io.WriteString(ts.Stdout(), text)
	ts.Check(err)
	if status != args[0] {
		ts.Fatalf("status %s, want %s\n%s", status, args[0], text)
	}
}

// eventually makes a request until it gets the status: eventually STATUS METHOD URL [FIELD: VALUE]...
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: eventually STATUS METHOD URL [FIELD: VALUE]...")
	}
	last := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pollEvery) {
		status, _, err := request(args[1], args[2], "", args[3:])
		if status == args[0] {
			return
		}
		last = fmt.Sprint(status, err)
	}
	ts.Fatalf("the status stayed %s, want %s", last, args[0])
}

// request makes a request as a program would that knows no CORS.
func request(method, url, form string, fields []string) (status, text string, err error) {
	r, err := http.NewRequest(method, url, strings.NewReader(form))
	if err != nil {
		return "", "", err
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Set(name, value)
		if name == "Host" {
			r.Host = value
		}
	}
	client := http.Client{
		Timeout:       patience,
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(r)
	if err != nil {
		return "", "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", "", err
	}
	var head strings.Builder
	err = response.Header.Write(&head)
	return strconv.Itoa(response.StatusCode), head.String() + "\r\n" + string(body), err
}

// startAPI starts an API that answers with what it saw, and sets $API: api
func startAPI(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: api")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "saw %s %s authorization=%q token=%q\n", r.Method, r.RequestURI,
			r.Header.Get("Authorization"), r.Header.Get("Crossgate-Subject"))
	}))
	ts.Defer(s.Close)
	ts.Setenv("API", s.URL)
}

// occupy listens at a free port, and sets $TAKEN to its address: occupy
func occupy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: occupy")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv("TAKEN", l.Addr().String())
}

// certificate writes a certificate for localhost and its key: certificate CERT KEY
func certificate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: certificate CERT KEY")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(time.Hour),
		DNSNames:     []string{"localhost"},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	for i, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: cert}, {Type: "PRIVATE KEY", Bytes: private}} {
		ts.Check(os.WriteFile(ts.MkAbs(args[i]), pem.EncodeToMemory(block), 0o600))
	}
}
