package tokens

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
)

// A createdPage shows a new token's secret, the only time that it is shown.
type createdPage struct {
	tokenView
	Secret   string
	Snippets []snippet
}

func newCreatedPage(ctx context.Context, p *Pages, t control.Token, secret string) createdPage {
	return createdPage{
		tokenView: newTokenView(p.shell.Now(), t), Secret: secret,
		Snippets: snippets(p.api(ctx), t, secret),
	}
}

// A snippet is a piece of code that is ready to use.
type snippet struct {
	ID    string
	Title string
	Note  string
	Code  string
}

// snippets are calls that the token is good for.
func snippets(api string, t control.Token, secret string) []snippet {
	method, url := exampleMethod(t), api+examplePath(t)
	all := []snippet{{
		ID: "fetch", Title: "From a page", Note: "A browser asks before it sends this: that is the preflight.",
		Code: fetchCode(url, method, map[string]string{"Authorization": "Bearer " + secret}),
	}}
	if t.QueryCarrier == token.QueryFull || t.QueryCarrier == token.QueryRead && isRead(method) {
		all = append(all, snippet{
			ID: "fetch-query", Title: "From a page, without a preflight",
			Note: "Half the requests. Addresses end up in histories and logs more easily than headers do, so limit the token to what the page needs.",
			Code: fetchCode(url+"?access_token="+secret, method, nil),
		})
	}
	return append(all, snippet{
		ID: "curl", Title: "From a command line", Note: curlNote(t), Code: curlCode(url, method, secret, originFor(t)),
	})
}

// exampleMethod is the first method that the token is good for, GET where it can be.
func exampleMethod(t control.Token) string {
	if t.Methods == nil || slices.Contains(t.Methods, "GET") {
		return "GET"
	}
	return t.Methods[0]
}

func isRead(method string) bool { return method == "GET" || method == "HEAD" }

func examplePath(t control.Token) string {
	if t.PathPrefix == "" {
		return "/"
	}
	return t.PathPrefix
}

// fetchCode calls fetch. A page sends a simple request where it sets no header.
func fetchCode(url, method string, headers map[string]string) string {
	var options []string
	if method != "GET" {
		options = append(options, "  method: "+quoted(method)+",\n")
	}
	for name, value := range headers {
		options = append(options, "  headers: { "+quoted(name)+": "+quoted(value)+" },\n")
	}
	if len(options) == 0 {
		return "const response = await fetch(" + quoted(url) + ");"
	}
	return "const response = await fetch(" + quoted(url) + ", {\n" + strings.Join(options, "") + "});"
}

// quoted writes a string as JavaScript does.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""` // strings always have a JSON form
	}
	return strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(b))
}

func curlCode(url, method, secret, origin string) string {
	var b strings.Builder
	b.WriteString("curl ")
	switch method {
	case "GET":
	case "HEAD":
		b.WriteString("--head ")
	default:
		b.WriteString("-X " + method + " ")
	}
	if origin != "" {
		b.WriteString("-H " + shellQuoted("Origin: "+origin) + " ")
	}
	b.WriteString("-H " + shellQuoted("Authorization: Bearer "+secret) + " " + shellQuoted(url))
	return b.String()
}

// shellQuoted writes a string as one word of a shell.
func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// originFor is an origin that a token insists on, or "" where it takes none, or
// where none can be made up.
func originFor(t control.Token) string {
	if t.Domains == nil || t.Servers {
		return ""
	}
	first := t.Domains[0].String()
	switch {
	case strings.Contains(first, "*"):
		return "https://" + strings.Replace(strings.TrimPrefix(first, "https://"), "*", "www", 1)
	case strings.Contains(first, "://"):
		return first
	}
	return "https://" + first
}

func curlNote(t control.Token) string {
	if originFor(t) != "" {
		return "The token is bound to pages, so the call says that it comes from one."
	}
	return "Servers call the same way."
}
