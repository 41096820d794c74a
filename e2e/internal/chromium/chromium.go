// Package chromium drives the system's Chromium: the only one that can say what a
// browser really sends, and what a page is really allowed to read.
package chromium

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for one step. It is only ever waited out
// where something is broken.
const patience = 20 * time.Second

// A Browser is one running Chromium.
type Browser struct {
	ctx  context.Context
	stop context.CancelFunc
}

// Config is what a Browser is started with. The zero value is of use.
type Config struct {
	// Hosts sends what is meant for a host and port ("app.example:443") to another
	// address ("127.0.0.1:41234"), so that pages can have addresses as in real life.
	Hosts map[string]string

	// Trust is the SHA-256 of the public key of a certificate that the browser
	// accepts although nobody has signed it, in base64.
	Trust string
}

// Start starts Chromium without a window: the program that CHROMIUM names, or the
// system's. It reaches this machine alone.
func Start(cfg Config) (*Browser, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.NoSandbox, // it opens the tests' own pages only, and containers often allow none
		chromedp.Flag("host-resolver-rules", cfg.hosts()),
		chromedp.Flag("ignore-certificate-errors-spki-list", cfg.Trust),
	)
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	stop := func() { cancel(); release() }
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	return &Browser{ctx, stop}, nil
}

// hosts writes Hosts as Chromium's resolver reads it, and closes every other way.
func (c Config) hosts() string {
	var rules strings.Builder
	for from, to := range c.Hosts {
		fmt.Fprintf(&rules, "MAP %s %s, ", from, to)
	}
	return rules.String() + "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
}

// Stop ends the browser and removes what it wrote.
func (b *Browser) Stop() { b.stop() }

func find() (string, error) {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return exec.LookPath(named)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("no Chromium on the PATH: run make deps, or set CHROMIUM to a browser")
}

// A Page is one tab, in a profile of its own: no cookie and no cached preflight of
// another page.
type Page struct {
	t   testing.TB
	ctx context.Context
}

// Open opens a page at a URL, until the test ends. Steps that come before are done
// while the tab is still empty.
func (b *Browser) Open(t testing.TB, url string, before ...chromedp.Action[chromedp.Void]) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	page := &Page{t, ctx}
	// The first Run makes the tab, and its context must live as long as the tab.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a page: %v", err)
	}
	page.Do(append(before, chromedp.Navigate(url))...)
	return page
}

// Do carries out steps as a person would, and fails the test where one cannot be done.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("in the browser: %v\n%s", err, p.Text())
	}
}

// Eval evaluates an expression in a page, and waits for what it gives where that is
// a promise.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("in the browser: %v\n%s", err, expression)
	}
	return value
}

// Evaluate is Eval with the value as JSON. What cannot be said in JSON, such as
// undefined, is null.
func (p *Page) Evaluate(expression string) json.RawMessage {
	p.t.Helper()
	const wrap = "(async () => JSON.stringify(await (%s)) ?? 'null')()"
	return json.RawMessage(Eval[string](p, fmt.Sprintf(wrap, expression)))
}

// Picture takes a picture of the whole page, as PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	const png = 100 // a quality below would be JPEG
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(png))
	if err != nil {
		p.t.Fatalf("taking a picture: %v", err)
	}
	return picture
}

// Text returns the page's address and its visible text, for a person who reads why a
// test failed.
func (p *Page) Text() string {
	const read = `location.href + "\n" + (document.body ? document.body.innerText : "")`
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](read))
	if err != nil {
		return err.Error()
	}
	return text
}

// WithoutScripts switches the page's own scripts off.
func WithoutScripts() chromedp.Action[chromedp.Void] {
	return send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// Prefers makes the browser say that the person prefers "light" or "dark", and that
// nothing should move.
func Prefers(scheme string) chromedp.Action[chromedp.Void] {
	return send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

func send[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}
