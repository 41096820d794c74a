package api_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/api"
)

var update = flag.Bool("update", false, "write the part of openapi.yaml that is of any site anew")

// The part of the document that is made from the rest.
const (
	twinsBegin = "  # What a site has, at any site: written from the paths above by\n" +
		"  # go test ./internal/api -run TestDocumentOfSites -update\n"
	twinsEnd = "\ncomponents:\n"
)

// TestDocumentOfSites: what a site has is described a second time, below the path of any
// site. That part is written by a machine, from the part that people write.
func TestDocumentOfSites(t *testing.T) {
	text := string(api.Document())
	above, rest, _ := strings.Cut(text, twinsBegin)
	_, below, found := strings.Cut(rest, twinsEnd)
	if !found {
		t.Fatal("the document has no part for what is of any site")
	}
	want := above + twinsBegin + twins(newRig(t).api.Routes(), above) + twinsEnd + below
	if want == text {
		return
	}
	if !*update {
		t.Fatal("openapi.yaml is not what its paths say: go test ./internal/api -run TestDocumentOfSites -update")
	}
	if err := os.WriteFile("openapi.yaml", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// twins are the paths of what a site has, below the path of any site.
func twins(routes []api.Route, above string) string {
	written := map[string]bool{}
	var b strings.Builder
	for _, r := range routes {
		path, ok := strings.CutPrefix(r.Path, "/sites/{site}")
		if !ok || written[path] {
			continue
		}
		written[path] = true
		if block := pathBlock(above, path); path != "" && block != "" {
			b.WriteString(twin(block, path))
		}
	}
	return b.String()
}

// pathBlock is what the document says of a path, without its name; "" where it has none.
func pathBlock(text, path string) string {
	_, block, found := strings.Cut(text, "\n  "+path+":\n")
	if !found {
		return ""
	}
	if end := regexp.MustCompile(`(?m)^  /`).FindStringIndex(block); end != nil {
		block = block[:end[0]]
	}
	return block
}

var (
	operation = regexp.MustCompile(`(?m)^(      operationId: \w+)$`)
	forbidden = regexp.MustCompile(`(?m)^        "403": .*\n(        "404")?`)
)

// twin is the same of any site.
func twin(block, path string) string {
	const of = `      - $ref: "#/components/parameters/SiteName"` + "\n"
	if rest, has := strings.CutPrefix(block, "    parameters:\n"); has {
		block = "    parameters:\n" + of + rest
	} else {
		block = "    parameters:\n" + of + block
	}
	block = operation.ReplaceAllString(block, "${1}OfSite")
	block = forbidden.ReplaceAllStringFunc(block, func(line string) string {
		if strings.HasSuffix(line, "\n") {
			return line + `        "404": { $ref: "#/components/responses/NotFound" }` + "\n"
		}
		return line
	})
	return "  /sites/{site}" + path + ":\n" + block
}
