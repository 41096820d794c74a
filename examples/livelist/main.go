// Livelist changes the Trusted Domains while requests are served: the API is on one
// address, and a small handler for whoever keeps the list on another, on loopback.
//
//	go run ./examples/livelist
//	curl -d 'app.example.com' http://127.0.0.1:8090/domains
//	curl -i -H 'Origin: https://app.example.com' http://127.0.0.1:8080/discussions
//	curl -X DELETE http://127.0.0.1:8090/domains/app.example.com
//	curl http://127.0.0.1:8090/check?origin=https://app.example.com
package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/crossgate/crossgate"
)

// maxBody is how much of a request's body is read, in bytes.
const maxBody = 64 << 10

func main() {
	gate, err := crossgate.New(crossgate.Config{PublicURLs: []string{"http://127.0.0.1:8080"}})
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(http.ListenAndServe("127.0.0.1:8090", newAdmin(gate))) }()
	log.Print("the API is on http://127.0.0.1:8080, the list on http://127.0.0.1:8090")
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", gate.Wrap(newAPI())))
}

func newAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /discussions", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, []string{"Welcome", "What are you reading?"})
	})
	return mux
}

// newAdmin is the handler of the list. It is not behind the gate: a page, trusted or
// not, must not be able to change who is trusted.
func newAdmin(gate *crossgate.Gate) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /domains", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, gate.TrustedDomains())
	})
	mux.HandleFunc("POST /domains", func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			writeJSON(w, http.StatusRequestEntityTooLarge, err.Error())
			return
		}
		answer(w, gate, gate.Trust(strings.Fields(string(text))...))
	})
	mux.HandleFunc("DELETE /domains/{entry}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, gate, gate.Untrust(r.PathValue("entry")))
	})
	mux.HandleFunc("GET /check", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusOK, gate.Decide(crossgate.Question{Origin: r.FormValue("origin")}))
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// answer says how the list is now, or everything that is wrong with the entries.
func answer(w http.ResponseWriter, gate *crossgate.Gate, err error) {
	if err == nil {
		writeJSON(w, http.StatusOK, gate.TrustedDomains())
		return
	}
	wrong := map[string]string{}
	for _, mistake := range crossgate.ConfigErrors(err) {
		wrong[mistake.Value] = mistake.Err.Error()
	}
	writeJSON(w, http.StatusUnprocessableEntity, wrong)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the client is gone, or it has it
}
