package main

import (
	"context"
	"errors"
	"flag"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/trust"
)

func explainCommand() command {
	return command{
		name: "explain", args: "[URL]", max: 1, json: true, settings: config.ForData | config.ForCheck,
		summary: "Say whether a browser would preflight a request, why, and what to do",
		about: `
The request is what a page's script would send with fetch, or with XMLHttpRequest.
It goes nowhere: all is worked out by the Fetch standard. With a database that is
given, and --origin, it says whether this gateway would allow the request; tokens
are not looked at. No value of a header is printed but content types and ranges,
and none of the URL's query.

Exit code 0: the page can send it, and where the gateway was asked, it allows it.
1: the browser throws, the gateway refuses, or a line of --batch cannot be read.`,
		example: `
crossgate explain -X PATCH -H 'Content-Type: application/json' -d '{}' https://api.example.com/items/7
crossgate explain --curl "curl https://api.example.com/items -H 'Authorization: Bearer T'"
crossgate explain --database crossgate.db --origin https://app.example.com -X DELETE https://api.example.com/items/7
crossgate explain --batch requests.jsonl`,
		verb: func() verb { return new(explainRequest) },
	}
}

// explainRequest is crossgate explain.
type explainRequest struct {
	method    string
	headers   texts
	data      texts
	origin    string
	curl      string
	batch     string
	body      string
	api       string
	mode      string
	listener  bool
	keepalive bool
}

// texts are the values of a flag that may be repeated.
type texts []string

func (t *texts) add(value string) error {
	*t = append(*t, value)
	return nil
}

func (v *explainRequest) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.method, "X", "", "`METHOD` as the script gives it; GET without -d, POST with it")
	fs.Func("H", "`HEADER` as 'Name: value' (repeatable)", v.headers.add)
	fs.Func("d", "`DATA` of a body, a string in the script (repeatable)", v.data.add)
	fs.StringVar(&v.origin, "origin", "", "`ORIGIN` of the page, such as https://app.example.com")
	fs.StringVar(&v.curl, "curl", "", "`COMMAND` of curl, whole, instead of -X, -H, -d and URL")
	fs.StringVar(&v.batch, "batch", "", "`FILE` with a request in JSON on each line; answers one line each; - is standard input")
	fs.StringVar(&v.body, "body-type", "", "`KIND` of the body: none, string, form, multipart, blob:TYPE, buffer, stream")
	fs.StringVar(&v.api, "api", "", "`NAME` of what the script uses: fetch or xhr (default fetch)")
	fs.StringVar(&v.mode, "mode", "", "`MODE` of fetch: cors, no-cors, same-origin, navigate (default cors)")
	fs.BoolVar(&v.listener, "upload-listener", false, "XMLHttpRequest.upload has a listener")
	fs.BoolVar(&v.keepalive, "keepalive", false, "fetch is called with keepalive")
}

func (v *explainRequest) run(ctx context.Context, c *call) error {
	if v.batch != "" {
		return v.runBatch(ctx, c)
	}
	q, notes, err := v.question(c)
	if err != nil {
		return err
	}
	if q.Site, err = c.givenSite(ctx); err != nil {
		return err
	}
	if q.Site == nil {
		if err := checkOrigin(q.Origin); err != nil {
			return err
		}
	}
	a, err := explain.Explain(q)
	if err != nil {
		return wrongUse("explain", err.Error())
	}
	for _, note := range notes {
		c.note("note: %s", note)
	}
	if q.Site != nil && q.Origin == "" {
		c.note("note: give --origin, and this gateway is asked, too")
	}
	return v.answer(c, q, a)
}

func (v *explainRequest) answer(c *call, q explain.Question, a explain.Answer) error {
	if c.json {
		if err := c.printJSON(a); err != nil {
			return err
		}
	} else {
		c.explained(q, a)
	}
	if a.Throws != "" || a.Gateway != nil && !a.Gateway.Allowed {
		return errNo
	}
	return nil
}

// question is what is asked by the arguments.
func (v *explainRequest) question(c *call) (explain.Question, []string, error) {
	cmd, err := v.command(c)
	if err != nil {
		return explain.Question{}, nil, err
	}
	q := explain.Question{Request: cmd.Request, Origin: orElse(v.origin, cmd.Origin), Now: time.Now()}
	q.Request.API, q.Request.UploadListener, q.Request.Keepalive = preflight.API(v.api), v.listener, v.keepalive
	if v.mode != "" {
		q.Request.Mode = preflight.Mode(v.mode)
	}
	if v.body != "" {
		q.Request.Body = preflight.Body(v.body)
	}
	q.Target, err = targetOf(cmd.URL)
	return q, cmd.Notes, err
}

// command is the request: of --curl, or of -X, -H, -d and the URL.
func (v *explainRequest) command(c *call) (explain.Command, error) {
	if v.curl == "" {
		return v.fromFlags(c)
	}
	if v.method != "" || len(v.headers) > 0 || len(v.data) > 0 || len(c.args) > 0 {
		return explain.Command{}, wrongUse("explain", "--curl has the whole request: leave -X, -H, -d and the URL out")
	}
	cmd, err := explain.ParseCurl(v.curl)
	if err != nil {
		return cmd, wrongUse("explain", err.Error())
	}
	return cmd, nil
}

func (v *explainRequest) fromFlags(c *call) (explain.Command, error) {
	cmd := explain.Command{Request: preflight.Request{Method: v.method}}
	for _, text := range v.headers {
		name, value, found := strings.Cut(text, ":")
		if !found {
			return cmd, wrongUse("explain", "a header is written as -H 'Name: value'")
		}
		cmd.Request.Headers = append(cmd.Request.Headers, preflight.Header{Name: name, Value: value})
	}
	if len(v.data) > 0 {
		cmd.Request.Method = orElse(v.method, "POST")
		cmd.Request.Body = preflight.BodyString
	}
	switch {
	case len(c.args) == 1:
		cmd.URL = c.args[0]
	case v.method == "" && len(v.headers) == 0 && len(v.data) == 0 && v.body == "" && !v.listener:
		return cmd, wrongUse("explain", "say what is sent: URL, -X, -H and -d, or --curl, or --batch")
	}
	return cmd, nil
}

func orElse(given, otherwise string) string {
	if given == "" {
		return otherwise
	}
	return given
}

// targetOf reads the address that is called; "" is none.
func targetOf(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, wrongUse("explain", "the URL is whole and begins with https:// or http://, such as https://api.example.com/items")
	case u.User != nil:
		return nil, wrongUse("explain", "leave user and password out of the URL: fetch refuses such addresses; write -H 'Authorization: Basic …'")
	}
	return u, nil
}

// checkOrigin checks an origin that no gateway is asked about.
func checkOrigin(origin string) error {
	if origin == "" || origin == "null" {
		return nil
	}
	if _, err := trust.ParseOrigin(origin); err != nil {
		return wrongUse("explain", err.Error())
	}
	return nil
}

// givenSite opens the site of the database that is given, and of none that is not: the
// command is of use without one.
func (c *call) givenSite(ctx context.Context) (site *gate.Site, err error) {
	given := slices.ContainsFunc(c.settings.Given(), func(g config.Given) bool { return g.Name == "database" })
	if !given {
		return nil, nil
	}
	if _, err := os.Stat(c.settings.Database); errors.Is(err, os.ErrNotExist) && !strings.Contains(c.settings.Database, "://") {
		return nil, cannot("ask this gateway", err)
	}
	err = c.withControl(ctx, func(service *control.Service) error {
		site, err = service.Site(ctx)
		return err
	})
	return site, err
}
