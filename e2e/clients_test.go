package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/bundle"
	"github.com/crossgate/crossgate/e2e/internal/graphql"
	"github.com/crossgate/crossgate/e2e/internal/pocketbase"
	"github.com/crossgate/crossgate/e2e/internal/wire"
)

// clientTours are what clients that are not ours do, and what comes of each step.
var clientTours = map[string]map[string]string{
	"pocketbase": {
		"sign in": pocketbase.Email, "create": "done", "list": "first", "subscribe": "done", "update": "second", "realtime": "update second",
		"upload": "done", "download": "5000", "delete": "true", "an error is readable": "404",
	},
	"axios": {
		"sign in": pocketbase.Email, "create": "done", "list": "first", "update": "second", "upload": "done",
		"download": "5000", "cancel": "ERR_CANCELED", "delete": "true", "an error is readable": "404",
	},
	"ky": {
		"sign in": pocketbase.Email, "create": "done", "list": "first", "update": "second", "upload": "done",
		"download": "5000", "cancel": "AbortError", "delete": "true", "an error is readable": "404",
	},
	"openapi-fetch": {
		"sign in": pocketbase.Email, "create": "done", "list": "first", "update": "second", "upload": "done",
		"download": "5000", "cancel": "AbortError", "delete": "true", "an error is readable": "404",
	},
	"graphql-request": {
		"mutation": "done", "variables": "true", "an error is readable": "1", "raw": "application/json",
	},
}

// TestClientsWithoutPreflight hands the fetch of the browser client to clients that are
// not ours. They do real work, and no preflight is on the wire.
func TestClientsWithoutPreflight(t *testing.T) {
	content := http.NewServeMux()
	content.Handle("GET /pages/", http.FileServerFS(pages))
	for client := range clientTours {
		content.Handle("GET /clients/"+client+".js", bundle.Script(t, "clients/"+client+".js"))
	}
	from := serveSite(t, "localhost", content)
	gatewayOf := func(upstream string) string {
		gateway := binary.Serve(t, upstream)
		gateway.Trust(from.Origin, from.Entry)
		return gateway.URL
	}
	notes, graph := gatewayOf(pocketbase.Start(t)), gatewayOf(graphql.Start(t))
	inEachEngine(t, func(t *testing.T, in engine) {
		for client, want := range clientTours {
			t.Run(client, func(t *testing.T) {
				target, options := notes, map[string]string{"email": pocketbase.Email, "password": pocketbase.Password}
				if client == "graphql-request" {
					target, options = graph, map[string]string{"token": graphql.Token}
				}
				tap := wire.NewTap(t, target)
				with, _ := json.Marshal(options)
				page := in.open(t, from.Origin+"/pages/clients.html")
				got := eval[map[string]string](t, page, fmt.Sprintf("tour(%q, %q, %s)", client, tap.URL, with))
				if !maps.Equal(got, want) {
					t.Errorf("got %v\nwant %v", got, want)
				}
				counts := tap.Counts()
				if counts[http.MethodOptions] != 0 || counts[http.MethodPost] == 0 {
					t.Errorf("on the wire were %v", counts)
				}
				t.Logf("on the wire were %v", counts)
			})
		}
	})
}
