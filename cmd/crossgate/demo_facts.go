package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
)

// demoFacts are what a person needs to try the demo.
type demoFacts struct {
	API           string `json:"api"`
	Page          string `json:"page"`
	UntrustedPage string `json:"untrusted_page"`
	Dashboard     string `json:"dashboard"`
	Account       string `json:"account"`
	Password      string `json:"password"`
	Token         string `json:"token"`
	apiToken      string
}

// furnish puts into the new database what the demo shows: the page's origin on the
// list, an access token and an account.
func (n *node) furnish(ctx context.Context, ports *demoPorts) (*demoFacts, error) {
	who := control.Actor{Kind: "system", Name: "demo"}
	page, err := url.Parse(ports.trustedPage())
	if err != nil {
		return nil, err
	}
	_, _, err = n.control.AddDomains(ctx, who, control.AddDomains{Text: []string{page.Host}, Label: "The demo's sample page"})
	if err != nil {
		return nil, err
	}
	_, secret, err := n.control.CreateToken(ctx, who, control.CreateToken{Name: "Demo page"})
	if err != nil {
		return nil, err
	}
	facts := &demoFacts{
		API:           ports.api(),
		Page:          ports.trustedPage(),
		UntrustedPage: ports.untrustedPage(),
		Dashboard:     ports.settingsPage(),
		Account:       "demo",
		Password:      randomWords(),
		Token:         secret,
		apiToken:      "demo_" + strings.ToLower(rand.Text()),
	}
	_, err = n.control.AddAccount(ctx, who, facts.Account, facts.Password, control.RoleOwner)
	return facts, err
}

// randomWords is a password of 100 random bits, in groups that can be typed.
func randomWords() string {
	t := strings.ToLower(rand.Text()) // base32: 5 bits a letter
	return t[0:5] + "-" + t[5:10] + "-" + t[10:15] + "-" + t[15:20]
}

// print says what to open and what to try.
func (f *demoFacts) print(c *call) error {
	if c.json {
		return c.printJSON(f)
	}
	_, err := fmt.Fprintf(c.stdout, `Crossgate demo. Open in a browser:

  %-28s a sample page that is trusted: make its calls
  %-28s the same page on an origin that is not
  %s
                               the Trusted Domains: sign in as %s with %s

Or try it here, behind the gateway at %s:

  # a script's call: the token in the query, and JSON sent as text/plain
  curl -H 'Content-Type: text/plain' -d '{"name":"Hello"}' \
    '%s/api/v2/discussions?access_token=%s'

  # a page that is not trusted gets nothing, and the API sees nothing
  curl -i -H 'Origin: https://elsewhere.example' %s/api/v2/discussions

Ctrl-C ends the demo and leaves nothing behind.
`, f.Page, f.UntrustedPage, f.Dashboard, f.Account, f.Password, f.API, f.API, f.Token, f.API)
	if err != nil {
		return cannot("write what to try", err)
	}
	return nil
}
