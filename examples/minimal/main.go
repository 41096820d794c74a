// Minimal is an API with Crossgate's middleware in front of it: pages of the Trusted
// Domains that it is started with may call it from the browser, and no others.
//
//	go run ./examples/minimal app.example.com 'localhost:3000'
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/crossgate/crossgate"
)

func main() {
	handler, err := newHandler(os.Args[1:])
	if err != nil {
		log.Fatal(err) // every mistake in the list, at once
	}
	log.Print("listening on http://127.0.0.1:8080")
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", handler))
}

// newHandler is the API behind a gate.
func newHandler(trusted []string) (http.Handler, error) {
	gate, err := crossgate.New(crossgate.Config{
		TrustedDomains: trusted,
		PublicURLs:     []string{"http://127.0.0.1:8080", "http://localhost:8080"},
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /discussions", listDiscussions)
	return gate.Wrap(mux), nil
}

// listDiscussions knows nothing of CORS: the gate sees to that.
func listDiscussions(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode([]string{"Welcome", "What are you reading?"}) // the client is gone, or it has it
}
