package crossgate_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

func Example() {
	gate, err := crossgate.New(crossgate.Config{
		TrustedDomains: []string{"app.example.com", "*.example.org"},
	})
	if err != nil {
		log.Fatal(err)
	}
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s, %s", r.Method, r.Header.Get("Content-Type"), r.Header.Get("Authorization"))
	})
	server := httptest.NewServer(gate.Wrap(api))
	defer server.Close()

	// What a trusted page's fetch sends, with a string as its body: no preflight.
	r, _ := http.NewRequest("POST", server.URL+"/api/v2/discussions?access_token=T", http.NoBody)
	r.Header.Set("Origin", "https://app.example.com")
	r.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body := make([]byte, 64)
	n, _ := res.Body.Read(body)
	fmt.Println(string(body[:n]))
	fmt.Println(res.Header.Get("Access-Control-Allow-Origin"))
	// Output:
	// POST application/json, Bearer T
	// https://app.example.com
}

// Any method, header and body in an envelope: a simple request, so no preflight.
func Example_envelope() {
	gate, err := crossgate.New(crossgate.Config{TrustedDomains: []string{"app.example.com"}})
	if err != nil {
		log.Fatal(err)
	}
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintln(w, r.Method, r.URL.Path, r.Header.Get("If-Match"), r.Header.Get("Content-Type"), string(body))
	})
	server := httptest.NewServer(gate.Wrap(api))
	defer server.Close()

	// What the browser client sends for a PATCH with JSON.
	envelope := "$httpMethod=PATCH&access_token=T" +
		"&$httpHeaders=" + url.QueryEscape(`If-Match: "7"`) +
		"&$ct=application/json&$body=" + url.QueryEscape(`{"name":"x"}`)
	r, _ := http.NewRequest("POST", server.URL+"/api/v2/discussions/7", strings.NewReader(envelope))
	r.Header.Set("Origin", "https://app.example.com")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(res.Body)
	fmt.Print(string(answer))
	// Output: PATCH /api/v2/discussions/7 "7" application/json {"name":"x"}
}

// A ticket stands for an access token in an address, for a minute.
func Example_ticket() {
	secret, err := token.Mint(nil)
	if err != nil {
		log.Fatal(err)
	}
	gate, err := crossgate.New(crossgate.Config{
		TrustedDomains: []string{"app.example.com"},
		Grant: func(d token.Digest) (*token.Grant, bool) { // in real life, a look-up by the digest
			return &token.Grant{ID: "tok_1", Subject: "Ada"}, d == secret.Digest()
		},
		TicketKeys: []token.TicketKey{{Secret: [token.TicketKeyBytes]byte{ /* random bytes that are kept */ 1}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(gate.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		grant, _ := crossgate.GrantFrom(r.Context())
		fmt.Fprintln(w, r.URL, "for", grant.Subject)
	})))
	defer server.Close()
	page := func(method, path, body string) io.Reader {
		r, _ := http.NewRequest(method, server.URL+path, strings.NewReader(body))
		r.Header.Set("Origin", "https://app.example.com")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			log.Fatal(err)
		}
		return res.Body
	}

	var got struct{ Ticket string }
	if err := json.NewDecoder(page("POST", "/.crossgate/ticket", "access_token="+secret.Reveal())).Decode(&got); err != nil {
		log.Fatal(err)
	}
	answer, _ := io.ReadAll(page("GET", "/events?access_token="+got.Ticket, "")) // as EventSource asks
	fmt.Print(string(answer))
	// Output: /events for Ada
}

func ExampleGate_Decide() {
	gate, err := crossgate.New(crossgate.Config{TrustedDomains: []string{"app.example.com"}})
	if err != nil {
		log.Fatal(err)
	}
	d := gate.Decide(crossgate.Question{Origin: "http://app.example.com"})
	fmt.Println(d.Allowed, d.Reason)
	fmt.Println(d.Detail)
	// Output:
	// false origin-not-trusted
	// app.example.com is trusted over https; this page was loaded over http.
}

func ExampleConfigErrors() {
	_, err := crossgate.New(crossgate.Config{
		TrustedDomains: []string{"https://app.example.com/login", "*.github.io"},
	})
	for _, e := range crossgate.ConfigErrors(err) {
		fmt.Println(e.Field, e.Reason)
		if d, ok := errors.AsType[*trust.DomainError](e); ok {
			fmt.Println("  did you mean", d.Suggest)
		}
	}
	// Output:
	// TrustedDomains entry-path
	//   did you mean app.example.com
	// TrustedDomains public-suffix
}
