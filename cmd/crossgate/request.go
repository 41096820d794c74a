package main

import (
	"cmp"
	"flag"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/trust"
)

// pageRequest are the flags that describe a request of a page's script.
type pageRequest struct {
	method    string
	headers   texts
	data      texts
	origin    string
	curl      string
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

func (v *pageRequest) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.method, "X", "", "`METHOD` as the script gives it; GET without -d, POST with it")
	fs.Func("H", "`HEADER` as 'Name: value' (repeatable)", v.headers.add)
	fs.Func("d", "`DATA` of a body, a string in the script (repeatable)", v.data.add)
	fs.StringVar(&v.origin, "origin", "", "`ORIGIN` of the page, such as https://app.example.com")
	fs.StringVar(&v.curl, "curl", "", "`COMMAND` of curl, whole, instead of -X, -H, -d and URL")
	fs.StringVar(&v.body, "body-type", "", "`KIND` of the body: none, string, form, multipart, blob:TYPE, buffer, stream")
	fs.StringVar(&v.api, "api", "", "`NAME` of what the script uses: fetch or xhr (default fetch)")
	fs.StringVar(&v.mode, "mode", "", "`MODE` of fetch: cors, no-cors, same-origin, navigate (default cors)")
	fs.BoolVar(&v.listener, "upload-listener", false, "XMLHttpRequest.upload has a listener")
	fs.BoolVar(&v.keepalive, "keepalive", false, "fetch is called with keepalive")
}

// isEmpty reports whether none of the flags says what is sent.
func (v *pageRequest) isEmpty() bool {
	return v.curl == "" && v.method == "" && len(v.headers) == 0 && len(v.data) == 0 && v.body == "" && !v.listener
}

// An askedRequest is a request of a script, and where it goes.
type askedRequest struct {
	explain.Command
	target *url.URL // nil: not said
}

// read is the request: of --curl, or of -X, -H, -d and the URL. The name is that of the
// command that is run.
func (v *pageRequest) read(name string, args []string) (asked askedRequest, err error) {
	if asked.Command, err = v.command(name, args); err != nil {
		return asked, err
	}
	asked.Origin = cmp.Or(v.origin, asked.Origin)
	r := &asked.Request
	r.API, r.UploadListener, r.Keepalive = preflight.API(v.api), v.listener, v.keepalive
	if v.mode != "" {
		r.Mode = preflight.Mode(v.mode)
	}
	if v.body != "" {
		r.Body = preflight.Body(v.body)
	}
	asked.target, err = targetOf(name, asked.URL)
	return asked, err
}

func (v *pageRequest) command(name string, args []string) (explain.Command, error) {
	if v.curl == "" {
		return v.fromFlags(name, args)
	}
	if v.method != "" || len(v.headers) > 0 || len(v.data) > 0 || len(args) > 0 {
		return explain.Command{}, wrongUse(name, "--curl has the whole request: leave -X, -H, -d and the URL out")
	}
	cmd, err := explain.ParseCurl(v.curl)
	if err != nil {
		return cmd, wrongUse(name, err.Error())
	}
	return cmd, nil
}

func (v *pageRequest) fromFlags(name string, args []string) (explain.Command, error) {
	cmd := explain.Command{Request: preflight.Request{Method: v.method}}
	for _, text := range v.headers {
		key, value, found := strings.Cut(text, ":")
		if !found {
			return cmd, wrongUse(name, "a header is written as -H 'Name: value'")
		}
		cmd.Request.Headers = append(cmd.Request.Headers, preflight.Header{Name: key, Value: value})
	}
	if len(v.data) > 0 {
		cmd.Request.Method = cmp.Or(v.method, "POST")
		cmd.Request.Body, cmd.Data = preflight.BodyString, strings.Join(v.data, "&")
	}
	if len(args) == 1 {
		cmd.URL = args[0]
	}
	return cmd, nil
}

// targetOf reads the address that is called; "" is none.
func targetOf(name, address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, wrongUse(name, "the URL is whole and begins with https:// or http://, such as https://api.example.com/items")
	case u.User != nil:
		return nil, wrongUse(name, "leave user and password out of the URL: fetch refuses such addresses; write -H 'Authorization: Basic …'")
	}
	return u, nil
}

// checkOrigin checks an origin that no gateway is asked about.
func checkOrigin(name, origin string) error {
	if origin == "" || origin == "null" {
		return nil
	}
	if _, err := trust.ParseOrigin(origin); err != nil {
		return wrongUse(name, err.Error())
	}
	return nil
}
