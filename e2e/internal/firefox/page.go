package firefox

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// patience is how long a page may take for one step. It is only ever waited out
// where something is broken.
const patience = 60 * time.Second

// A Page is one tab, in a container of its own: no cookie and no cached preflight of
// another page.
type Page struct {
	t       testing.TB
	session *session
	context string
}

// Open opens a page at a URL, until the test ends.
func (b *Browser) Open(t testing.TB, url string) *Page {
	t.Helper()
	var container struct{ UserContext string }
	var tab struct{ Context string }
	page := &Page{t: t, session: b.session}
	page.must("browser.createUserContext", object{}, &container)
	t.Cleanup(func() { page.must("browser.removeUserContext", object{"userContext": container.UserContext}, nil) })
	page.must("browsingContext.create", object{"type": "tab", "userContext": container.UserContext}, &tab)
	page.context = tab.Context
	page.must("browsingContext.navigate", object{"context": page.context, "url": url, "wait": "complete"}, nil)
	return page
}

// Evaluate evaluates an expression in the page, waits for what it gives where that is
// a promise, and returns it as JSON.
func (p *Page) Evaluate(expression string) json.RawMessage {
	p.t.Helper()
	value, err := p.evaluate(expression)
	if err != nil {
		p.t.Fatalf("in Firefox: %v\n%s", err, expression)
	}
	return value
}

// Text returns the page's address and its visible text, for a person who reads why a
// test failed.
func (p *Page) Text() string {
	value, err := p.evaluate(`location.href + "\n" + (document.body ? document.body.innerText : "")`)
	if err != nil {
		return err.Error()
	}
	var text string
	json.Unmarshal(value, &text)
	return text
}

// must sends a command that has to succeed.
func (p *Page) must(method string, params object, result any) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := p.session.do(ctx, method, params, result); err != nil {
		p.t.Fatalf("in Firefox: %v", err)
	}
}

func (p *Page) evaluate(expression string) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var outcome struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	// What cannot be said in JSON, such as undefined, is null.
	const wrap = "(async () => JSON.stringify(await (%s)) ?? 'null')()"
	err := p.session.do(ctx, "script.evaluate", object{
		"expression":   fmt.Sprintf(wrap, expression),
		"target":       object{"context": p.context},
		"awaitPromise": true,
	}, &outcome)
	if err != nil {
		return nil, err
	}
	if outcome.Type != "success" {
		return nil, fmt.Errorf("the page threw %s", outcome.ExceptionDetails.Text)
	}
	return json.RawMessage(outcome.Result.Value), nil
}
