package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
)

func explainCommand() command {
	return command{
		name: "explain", args: "[URL]", max: 1, json: true, settings: config.ForData | config.ForPlace | config.ForCheck,
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
	pageRequest
	batch string
}

func (v *explainRequest) flags(fs *flag.FlagSet) {
	v.pageRequest.flags(fs)
	fs.StringVar(&v.batch, "batch", "", "`FILE` with a request in JSON on each line; answers one line each; - is standard input")
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
		if err := checkOrigin("explain", q.Origin); err != nil {
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
	if v.isEmpty() && len(c.args) == 0 {
		return explain.Question{}, nil, wrongUse("explain", "say what is sent: URL, -X, -H and -d, or --curl, or --batch")
	}
	asked, err := v.read("explain", c.args)
	return explain.Question{Request: asked.Request, Origin: asked.Origin, Target: asked.target, Now: time.Now()}, asked.Notes, err
}

// givenSite opens the site of the database that is given, and of none that is not: the
// command is of use without one.
func (c *call) givenSite(ctx context.Context) (site *gate.Site, err error) {
	given := slices.ContainsFunc(c.settings.Given(), func(g config.Given) bool { return g.Name == "database" })
	if !given && slices.ContainsFunc(c.settings.Given(), func(g config.Given) bool { return g.From == "--site" }) {
		return nil, wrongUse("explain", "--site needs --database, which the site is in")
	}
	if !given {
		return nil, nil
	}
	if _, err := os.Stat(c.settings.Database); errors.Is(err, os.ErrNotExist) && !strings.Contains(c.settings.Database, "://") {
		return nil, cannot("ask this gateway", err)
	}
	err = c.withControl(ctx, func(service *control.Service) error {
		site, err = service.Rules(ctx)
		return err
	})
	return site, err
}
