// Tokens gives out Crossgate's access tokens and learns, in the handler, whose token
// came. A token is kept as its digest alone, with what it allows.
//
//	go run ./examples/tokens
package main

import (
	"fmt"
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/crossgate/crossgate"
	"github.com/crossgate/crossgate/token"
)

func main() {
	kept := new(tokens)
	secret, err := kept.create(token.Grant{
		ID: "tok_1", Subject: "Web shop", Methods: []string{"GET"}, Expires: time.Now().Add(time.Hour),
	})
	if err != nil {
		log.Fatal(err)
	}
	handler, err := newHandler(kept)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("An access token for reading, for an hour. It is shown this once:\n\n  curl 'http://127.0.0.1:8080/me?access_token=%s'\n\n", secret.Reveal())
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", handler))
}

// newHandler is an API that trusts one domain, and knows some tokens.
func newHandler(kept *tokens) (http.Handler, error) {
	gate, err := crossgate.New(crossgate.Config{
		TrustedDomains: []string{"app.example.com"},
		PublicURLs:     []string{"http://127.0.0.1:8080"},
		Grant:          kept.grant,
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /me", whoIsThere)
	return gate.Wrap(mux), nil
}

// whoIsThere answers with the token's name. The token itself never comes this far.
func whoIsThere(w http.ResponseWriter, r *http.Request) {
	grant, ok := crossgate.GrantFrom(r.Context())
	if !ok {
		http.Error(w, "an access token is needed", http.StatusUnauthorized)
		return
	}
	fmt.Fprintf(w, "%s (%s)\n", grant.Subject, grant.ID)
}

// tokens are the access tokens that were given out, by digest. A real API keeps them
// in its database.
type tokens struct {
	mu       sync.RWMutex
	byDigest map[token.Digest]*token.Grant
}

// create makes a token that allows what the grant says.
func (t *tokens) create(grant token.Grant) (token.Token, error) {
	secret, err := token.Mint(nil)
	if err != nil {
		return token.Token{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byDigest == nil {
		t.byDigest = make(map[token.Digest]*token.Grant)
	}
	t.byDigest[secret.Digest()] = &grant
	return secret, nil
}

// grant is what crossgate.Config.Grant asks. A grant is not changed once it is here:
// requests under way read it.
func (t *tokens) grant(digest token.Digest) (*token.Grant, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	found, ok := t.byDigest[digest]
	return found, ok
}

// revoke ends a token for good.
func (t *tokens) revoke(secret token.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if grant, ok := t.byDigest[secret.Digest()]; ok {
		revoked := *grant
		revoked.Revoked = true
		t.byDigest[secret.Digest()] = &revoked
	}
}
