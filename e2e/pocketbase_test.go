package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
	"github.com/crossgate/crossgate/e2e/internal/pocketbase"
)

const pocketbaseClient = "node_modules/pocketbase/dist/pocketbase.umd.js"

// TestPocketBase: an API and a client that know nothing of Crossgate, on two origins.
func TestPocketBase(t *testing.T) {
	if _, err := os.Stat(pocketbaseClient); err != nil {
		t.Fatalf("PocketBase's client is not installed, run make e2e: %v", err)
	}
	content := http.NewServeMux()
	content.Handle("GET /pages/", http.FileServerFS(pages))
	content.Handle("GET /node_modules/pocketbase/", http.FileServer(http.Dir(".")))
	trusted, untrusted := serveSite(t, "localhost", content), serveSite(t, "localhost", content)
	gateway := binary.Serve(t, pocketbase.Start(t))
	gateway.Trust(trusted.Origin, trusted.Entry)

	tour := func(from site) map[string]string {
		page := browser.Open(t, from.Origin+"/pages/pocketbase.html")
		return chromium.Eval[map[string]string](page,
			fmt.Sprintf("tour(%q, %q, %q)", gateway.URL, pocketbase.Email, pocketbase.Password))
	}
	t.Run("from a trusted page everything works", func(t *testing.T) {
		want := map[string]string{
			"sign in":              pocketbase.Email,
			"create":               "first",
			"list":                 "first",
			"update":               "second",
			"realtime":             "update second",
			"delete":               "true",
			"an error is readable": "404",
		}
		if got := tour(trusted); !maps.Equal(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
	})
	t.Run("from an untrusted page not even the first step", func(t *testing.T) {
		got := tour(untrusted)
		if len(got) != 1 || !strings.HasPrefix(got["sign in"], "failed: ") {
			t.Errorf("got %v", got)
		}
	})
}
