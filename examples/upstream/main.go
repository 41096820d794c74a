// Upstream is an API to try the gateway with. It knows nothing of CORS, and answers
// every request with what it saw.
//
//	go run ./examples/upstream
package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

// maxBody is how much of a request's body is read, in bytes.
const maxBody = 64 << 10

func main() {
	address := "127.0.0.1:3000"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	log.Printf("listening on http://%s", address)
	log.Fatal(http.ListenAndServe(address, http.HandlerFunc(answer)))
}

// seen is a request as it came, in so far as it matters here.
type seen struct {
	Method        string `json:"method"`
	URL           string `json:"url"`
	Authorization string `json:"authorization,omitempty"`
	ContentType   string `json:"content_type,omitempty"`
	Body          string `json:"body,omitempty"`
	Token         string `json:"crossgate_token,omitempty"`
	Subject       string `json:"crossgate_subject,omitempty"`
}

func answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(seen{ // the client is gone, or it has it
		Method:        r.Method,
		URL:           r.URL.String(),
		Authorization: r.Header.Get("Authorization"),
		ContentType:   r.Header.Get("Content-Type"),
		Body:          string(body),
		Token:         r.Header.Get("Crossgate-Token"),
		Subject:       r.Header.Get("Crossgate-Subject"),
	})
}
