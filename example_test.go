package crossgate_test

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/crossgate/crossgate"
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
