package dashboard_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/crossgate/crossgate/internal/dashboard"
)

// The real document is shown, every resource on a page of a decent size.
func TestReference(t *testing.T) {
	document, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, func(cfg *dashboard.Config) { cfg.Reference = document }).withAccount()
	h.newBrowser().get("/reference").leads(t, "/sign-in")
	b := h.signedIn()
	index := b.get("/reference")
	index.shows(t, 200, "Management keys", "GET /policy", "/api/v1/openapi.yaml")
	links := regexp.MustCompile(`<h2[^>]*><a href="(/reference/[^"]+)"`).FindAllStringSubmatch(index.body, -1)
	if len(links) < 6 {
		t.Errorf("%d resources", len(links))
	}
	for _, link := range links {
		b.get(link[1]).shows(t, 200, "Answers", "/api/v1")
	}
	b.get("/reference/trusted-domains").shows(t, 200, "Authorization: Bearer cga_…", "&#34;domains&#34;:", `<span class="badge">editor</span>`)
	b.get("/reference/nothing").shows(t, 404)
}

// Without a management API there is nothing to refer to.
func TestNoReference(t *testing.T) {
	newHouse(t).withAccount().signedIn().get("/reference").shows(t, 404)
}
