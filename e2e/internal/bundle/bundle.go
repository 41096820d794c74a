// Package bundle makes of a script that imports npm packages one that a browser loads,
// as a site's build would.
package bundle

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// Script bundles a file, with whatever it imports, into one ES module.
func Script(t testing.TB, file string) http.Handler {
	t.Helper()
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{file},
		Bundle:      true,
		Format:      api.FormatESModule,
		Platform:    api.PlatformBrowser,
		Target:      api.ES2022,
	})
	if len(result.Errors) != 0 {
		messages := api.FormatMessages(result.Errors, api.FormatMessagesOptions{})
		t.Fatalf("bundling %s: was make e2e run, which installs the packages?\n%s", file, strings.Join(messages, "\n"))
	}
	text := result.OutputFiles[0].Contents
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		fmt.Fprintf(w, "%s", text)
	})
}
