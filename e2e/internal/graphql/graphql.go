// Package graphql runs a small GraphQL API: notes, which whoever has the token may read
// and write.
package graphql

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	graphql "github.com/graph-gophers/graphql-go"
	"github.com/graph-gophers/graphql-go/relay"
)

// Token is what the API wants to see.
const Token = "notes.sample-token.1"

const schema = `
	type Query { notes(containing: String): [Note!]! }
	type Mutation { add(text: String!): Note! }
	type Note { id: ID!, text: String! }
`

// Start starts the API, until the test ends, and returns its URL. It takes JSON at
// /graphql and nothing else.
func Start(t testing.TB) string {
	t.Helper()
	api := &relay.Handler{Schema: graphql.MustParseSchema(schema, &notes{}, graphql.UseFieldResolvers())}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /graphql", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer "+Token:
			http.Error(w, "no token", http.StatusUnauthorized)
		case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
			http.Error(w, "JSON only", http.StatusUnsupportedMediaType)
		default:
			api.ServeHTTP(w, r)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// A note is one of what the API keeps.
type note struct {
	ID   graphql.ID
	Text string
}

type notes struct {
	mu  sync.Mutex
	all []note
}

// Add keeps a note.
func (n *notes) Add(args struct{ Text string }) note {
	n.mu.Lock()
	defer n.mu.Unlock()
	added := note{graphql.ID(strconv.Itoa(len(n.all) + 1)), args.Text}
	n.all = append(n.all, added)
	return added
}

// Notes finds notes.
func (n *notes) Notes(args struct{ Containing *string }) (found []note) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, one := range n.all {
		if args.Containing == nil || strings.Contains(one.Text, *args.Containing) {
			found = append(found, one)
		}
	}
	return found
}
