package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"strings"

	"github.com/crossgate/crossgate/internal/doctor"
	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

func doctorCommand() command {
	return command{
		name: "doctor", args: "[URL]", max: 1, json: true,
		summary: "Call any server as a browser would, and say what fails, why, and who else is let in",
		about: `
The request is what a page's script would send with fetch, or with XMLHttpRequest.
It goes out byte for byte as Chromium's does, from the preflight to the last
redirect, and then the server is probed: with other origins, null and look-alikes,
for an error, without the token, without Origin, with HEAD. Only GET, HEAD and
OPTIONS are sent, unless --send allows the method that was given. The browser's own
cookies are not there, so none are sent; --credentials judges as if they were.
Nothing secret is printed: no value of the URL's query, no token, no cookie.

With --har it sends nothing, and judges what the developer tools have recorded.

Exit code 0: the page can read the answer in every browser, and nobody is let in who
should not be. 1: it cannot, or somebody is, or it is not known. 2: wrong use. 3: the
server cannot be reached, or the recording cannot be read.`,
		example: `
crossgate doctor --origin https://app.example.com https://api.example.com/items
crossgate doctor --origin https://app.example.com -X PATCH -H 'Content-Type: application/json' -d '{}' https://api.example.com/items/7
crossgate doctor --curl "curl https://api.example.com/items -H 'Origin: https://app.example.com' -H 'Authorization: Bearer T'"
crossgate doctor --har recording.har --json`,
		verb: func() verb { return new(doctorRequest) },
	}
}

// doctorRequest is crossgate doctor.
type doctorRequest struct {
	pageRequest
	credentials bool
	redirect    string
	har         string
	send        bool
	noProbes    bool
}

func (v *doctorRequest) flags(fs *flag.FlagSet) {
	v.pageRequest.flags(fs)
	fs.BoolVar(&v.credentials, "credentials", false, "fetch is called with credentials: \"include\", or XMLHttpRequest has withCredentials")
	fs.StringVar(&v.redirect, "redirect", "", "`MODE` of fetch for redirects: follow, error, manual (default follow)")
	fs.StringVar(&v.har, "har", "", "`FILE` that developer tools have saved: every cross-origin call in it is judged; - is standard input")
	fs.BoolVar(&v.send, "send", false, "send the request itself, too, where its method may change something")
	fs.BoolVar(&v.noProbes, "no-probes", false, "send what a browser would send, and no more")
}

func (v *doctorRequest) run(ctx context.Context, c *call) error {
	if v.har != "" {
		return v.runRecording(c)
	}
	q, notes, err := v.question(c)
	if err != nil {
		return err
	}
	for _, note := range notes {
		c.note("note: %s", note)
	}
	report, err := doctor.Examine(ctx, q)
	if bad, ok := errors.AsType[*preflight.RequestError](err); ok {
		return wrongUse("doctor", bad.Error())
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return unreachable(q, err)
	}
	if c.json {
		err = c.printJSON(report)
	} else {
		c.examined(report)
	}
	return errors.Join(err, sentence(report))
}

// unreachable is a server that gives no answer at all.
func unreachable(q doctor.Question, err error) error {
	f := cannot("reach "+explain.ShownURL(q.Target), err)
	f.advice = "this is no fault of CORS: a page sees the same TypeError, whatever the server would have answered"
	return f
}

// sentence is the end of an examination: nil, or no.
func sentence(r doctor.Report) error {
	if !r.Readable() || r.Insecure() || r.Cut {
		return errNo
	}
	return nil
}

// question is what is asked by the arguments.
func (v *doctorRequest) question(c *call) (doctor.Question, []string, error) {
	if v.curl == "" && len(c.args) == 0 {
		return doctor.Question{}, nil, wrongUse("doctor", "say what is called: a URL, or --curl, or --har")
	}
	asked, err := v.read("doctor", c.args)
	if err != nil {
		return doctor.Question{}, nil, err
	}
	q := doctor.Question{
		Request: asked.Request, Body: []byte(asked.Data), Origin: asked.Origin, Target: asked.target, Credentials: v.credentials,
		Redirect: explain.RedirectMode(v.redirect), Send: v.send, NoProbes: v.noProbes,
	}
	return q, asked.Notes, v.check(q)
}

// check refuses what would be examined in another way than it is meant.
func (v *doctorRequest) check(q doctor.Question) error {
	switch {
	case q.Target == nil:
		return wrongUse("doctor", "say what is called: a URL, or --curl, or --har")
	case q.Origin == "":
		return wrongUse("doctor", "say from which page: --origin https://app.example.com")
	case v.redirect != "" && v.redirect != "follow" && v.redirect != "error" && v.redirect != "manual":
		return wrongUse("doctor", "--redirect is follow, error or manual")
	case q.Send && q.Request.Body == preflight.BodyMultipart:
		return wrongUse("doctor", "--send cannot make a body of parts: give the body with -d, and its type with -H 'Content-Type: multipart/form-data; boundary=…'")
	case q.Send && strings.HasPrefix(string(q.Body), "@"):
		return wrongUse("doctor", "--send reads no files: give the body with -d")
	}
	return checkOrigin("doctor", q.Origin)
}

// runRecording judges a recording.
func (v *doctorRequest) runRecording(c *call) error {
	if !v.isEmpty() || v.origin+v.api+v.mode+v.redirect != "" || v.keepalive || v.credentials || v.send || v.noProbes || len(c.args) > 0 {
		return wrongUse("doctor", "--har has the requests: leave the other flags out, but --json")
	}
	file := c.stdin
	if v.har != "-" {
		opened, err := os.Open(v.har)
		if err != nil {
			return cannot("read the recording", err)
		}
		defer opened.Close()
		file = opened
	}
	reports, err := doctor.JudgeRecording(file)
	if bad, ok := errors.AsType[*doctor.RecordingError](err); ok {
		return wrongUse("doctor", bad.Error())
	}
	if err != nil {
		return cannot("read the recording", err)
	}
	return c.judged(reports)
}

// judged prints what there is to say of a recording.
func (c *call) judged(reports []doctor.Report) error {
	var err error
	if c.json {
		err = c.printJSON(reports)
	}
	if len(reports) == 0 {
		c.note("note: no page calls another origin in this recording")
	}
	for i, r := range reports {
		if i > 0 && !c.json {
			c.say("")
		}
		if !c.json {
			c.examined(r)
		}
		if err == nil {
			err = sentence(r)
		}
	}
	return err
}
