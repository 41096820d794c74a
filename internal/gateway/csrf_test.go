package gateway

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// The dimensions of the matrix: what a page, or whoever else, can put together.
var (
	cellTokens  = []string{"none", "query cgt", "query opaque", "header"}
	cellOrigins = []string{"none", "own", "trusted", "untrusted", "null", "malformed"}
	cellCookies = []string{"none", "sent"}
	cellTypes   = []string{
		"", "text/plain", "text/plain;charset=utf-8", "text/plain;charset=latin1", "application/json",
		"application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
	}
	cellFetches = []string{"none", "same-origin cors", "cross-site cors", "cross-site no-cors", "cross-site navigate"}
)

// A cell is one POST of the matrix.
type cell struct{ token, origin, cookie, contentType, fetch string }

// An outcome is what became of it.
type outcome struct {
	Carried       bool   // reached the upstream
	JSON          bool   // relabelled: text/plain became application/json
	Authorization string // what the upstream saw of it
	Token         string // Crossgate-Token that the upstream saw
	Cookie        bool   // the upstream saw the cookie
	Credentials   bool   // the answer allows credentials
}

// expected states the rules once more, plainly and without the gate: what becomes
// of each cell, by rules 1, 2, 3 and 8 of the protocol.
func expected(c cell, secret string) outcome {
	site, mode, fromBrowser := strings.Cut(c.fetch, " ")
	inQuery := strings.HasPrefix(c.token, "query")
	isText := c.contentType == "text/plain" || c.contentType == "text/plain;charset=utf-8"
	ownOrigin := c.origin == "own" || c.origin == "null" && site == "same-origin"

	mayCome := c.origin == "none" || c.origin == "trusted" || ownOrigin
	byForm := inQuery && (mode == "navigate" || mode == "no-cors")
	textWithoutOrigin := inQuery && isText && c.origin == "none" && fromBrowser
	if !mayCome || byForm || textWithoutOrigin {
		return outcome{}
	}
	o := outcome{Carried: true, JSON: inQuery && isText}
	switch c.token {
	case "query cgt":
		o.Token = "tok_1"
	case "query opaque":
		o.Authorization = "Bearer opaque"
	case "header":
		o.Authorization = "Bearer " + secret
	}
	crossSite := c.origin == "none" && site == "cross-site" && mode != "navigate"
	o.Cookie = c.cookie == "sent" && !inQuery && c.origin != "trusted" && !crossSite
	return o
}

// TestCSRFMatrix sends every cell and compares. The number of requests that were
// rewritten outside of the allowed cells must be 0.
func TestCSRFMatrix(t *testing.T) {
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_1", Subject: "matrix"})
	const opaque = "an-opaque-one"
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) {
		s.Grants = tokens
		s.PublicURLs = publicURLs(t, "https://api.example.com")
	}})
	cells, rewritten := 0, 0
	for _, c := range matrix() {
		cells++
		r.api.Forget()
		res := r.send("POST", cellTarget(c, secret), "{}", cellFields(c, opaque)...)
		_ = bodyOf(t, res)
		got, want := outcomeOf(r, res, c), expected(c, opaque)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c, diff)
		}
		if got.JSON && !want.JSON || got.Token != "" && want.Token == "" {
			rewritten++
		}
	}
	t.Logf("%d cells, rewritten outside of the allowed ones: %d", cells, rewritten)
	if rewritten > 0 || cells != 1680 {
		t.Errorf("%d cells, %d rewritten outside of the allowed ones", cells, rewritten)
	}
}

func matrix() (all []cell) {
	for _, token := range cellTokens {
		for _, origin := range cellOrigins {
			for _, cookie := range cellCookies {
				for _, contentType := range cellTypes {
					for _, fetch := range cellFetches {
						all = append(all, cell{token, origin, cookie, contentType, fetch})
					}
				}
			}
		}
	}
	return all
}

func cellTarget(c cell, secret string) string {
	switch c.token {
	case "query cgt":
		return "/a?access_token=" + secret
	case "query opaque":
		return "/a?access_token=opaque"
	}
	return "/a"
}

func cellFields(c cell, opaque string) []string {
	fields := []string{"Host", "api.example.com"}
	add := func(name, value string) { fields = append(fields, name, value) }
	if c.token == "header" {
		add("Authorization", "Bearer "+opaque)
	}
	switch c.origin {
	case "own":
		add("Origin", "https://api.example.com")
	case "trusted":
		add("Origin", trustedOrigin)
	case "untrusted":
		add("Origin", untrustedOrigin)
	case "null":
		add("Origin", "null")
	case "malformed":
		add("Origin", trustedOrigin+"/")
	}
	if c.cookie == "sent" {
		add("Cookie", "session=victim")
	}
	if c.contentType != "" {
		add("Content-Type", c.contentType)
	}
	if site, mode, ok := strings.Cut(c.fetch, " "); ok {
		add("Sec-Fetch-Site", site)
		add("Sec-Fetch-Mode", mode)
	}
	return fields
}

func outcomeOf(r *rig, res *http.Response, c cell) outcome {
	o := outcome{Credentials: res.Header.Get("Access-Control-Allow-Credentials") != ""}
	for _, seen := range r.api.Seen() {
		o.Carried = true
		o.JSON = o.JSON || c.contentType != "application/json" && seen.Header.Get("Content-Type") == "application/json"
		o.Authorization = seen.Header.Get("Authorization")
		o.Token = seen.Header.Get("Crossgate-Token")
		o.Cookie = o.Cookie || seen.Header.Get("Cookie") != ""
	}
	if o.Carried != (res.StatusCode == http.StatusOK) {
		panic(fmt.Sprintf("%+v: carried %v with status %d", c, o.Carried, res.StatusCode))
	}
	return o
}
