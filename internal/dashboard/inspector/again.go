package inspector

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/preflight"
)

// What stands for values that are not kept.
const (
	tokenHere = "TOKEN"
	valueHere = "VALUE"
	bodyHere  = "BODY"
	hostHere  = "HOST"
)

// A copyable is something to paste elsewhere.
type copyable struct {
	ID    string
	Title string
	Text  string
	Rows  int
}

// copies are the request as people make it again. Where secrets and other values were,
// there are words in capitals.
func (p pair) copies() []copyable {
	list := []copyable{newCopy("curl", "As curl", p.asCurl())}
	if p.Preflight != nil {
		list = append(list, newCopy("preflight", "The preflight, as curl", p.asPreflight()))
	}
	if p.fromPage() {
		list = append(list, newCopy("fetch", "As fetch, for the console of a page", p.asFetch()))
	}
	return list
}

func newCopy(id, title, text string) copyable {
	return copyable{ID: "as-" + id, Title: title, Text: text, Rows: 1 + strings.Count(text, "\n")}
}

// field is a header that the request is made again with.
type field struct{ name, value string }

// fields are the headers, with stand-ins for the values.
func (p pair) fields() []field {
	var list []field
	for _, name := range p.headers() {
		// A preflight may ask for anything: in a command, "@file" and "host: elsewhere" would
		// be more than a name.
		if preflight.IsToken(name) {
			list = append(list, field{name, p.placeholder(name)})
		}
	}
	if p.contentType() != "" && !contains(list, "content-type") {
		list = append(list, field{"content-type", p.placeholder("content-type")})
	}
	return list
}

func contains(list []field, name string) bool {
	for _, f := range list {
		if f.name == name {
			return true
		}
	}
	return false
}

func (p pair) placeholder(name string) string {
	switch name {
	case "authorization":
		return "Bearer " + tokenHere
	case "content-type":
		if kind := orJSON(p.contentType()); plain(kind) {
			return kind
		}
	}
	return valueHere
}

// hasBody reports whether the request seems to have had one.
func (p pair) hasBody() bool {
	method := p.method()
	return method != "GET" && method != "HEAD" && contains(p.fields(), "content-type")
}

// address is where the request went, with a word for the query.
func (p pair) address() string {
	e := p.main()
	host := e.Host
	if hostUnheard(e.Reason) {
		host = hostHere
	}
	address := e.Scheme + "://" + host + e.Path
	if e.Query {
		address += "?QUERY"
	}
	return address
}

// hostUnheard reports whether a request was refused before its Host was known to be the
// API's: it is the sender's word, and whoever repeats the request would send it a token.
func hostUnheard(reason gate.Code) bool {
	switch reason {
	case gate.HostUnknown, gate.PublicURLUnset, gate.MethodUnsupported, "bad-request", "headers-too-large", gate.NotReady:
		return true
	}
	return false
}

func (p pair) asCurl() string {
	lines := []string{p.curl(p.method())}
	if origin := p.main().Origin; origin != "" {
		lines = append(lines, "-H "+quoted("Origin: "+origin))
	}
	for _, f := range p.fields() {
		lines = append(lines, "-H "+quoted(f.name+": "+f.value))
	}
	if p.hasBody() {
		lines = append(lines, "--data-raw "+quoted(bodyHere))
	}
	return strings.Join(lines, " \\\n  ")
}

func (p pair) asPreflight() string {
	e := p.Preflight
	lines := []string{
		p.curl("OPTIONS"),
		"-H " + quoted("Origin: "+e.Origin),
		"-H " + quoted("Access-Control-Request-Method: "+e.Requested.Method),
	}
	if len(e.Requested.Headers) > 0 {
		lines = append(lines, "-H "+quoted("Access-Control-Request-Headers: "+strings.Join(e.Requested.Headers, ",")))
	}
	return strings.Join(lines, " \\\n  ")
}

// curl is the beginning of a command.
func (p pair) curl(method string) string {
	address := quoted(p.address())
	if strings.ContainsAny(address, "[]{}") {
		address = "--globoff " + address // curl would make many requests of one
	}
	switch method {
	case "GET":
		return "curl -i " + address
	case "HEAD":
		return "curl -I " + address
	}
	if !strings.ContainsFunc(method, func(c rune) bool { return c < 'A' || c > 'Z' }) {
		return "curl -i -X " + method + " " + address
	}
	return "curl -i -X " + quoted(method) + " " + address
}

func (p pair) asFetch() string {
	var options []string
	if method := p.method(); method != "GET" {
		options = append(options, "method: "+literal(method))
	}
	if fields := p.fields(); len(fields) > 0 {
		var pairs []string
		for _, f := range fields {
			pairs = append(pairs, literal(f.name)+": "+literal(f.value))
		}
		options = append(options, "headers: { "+strings.Join(pairs, ", ")+" }")
	}
	if p.Request != nil && p.Request.Cookie {
		options = append(options, `credentials: "include"`)
	}
	if p.hasBody() {
		options = append(options, "body: "+literal(bodyHere))
	}
	if len(options) == 0 {
		return fmt.Sprintf("await fetch(%s)", literal(p.address()))
	}
	return fmt.Sprintf("await fetch(%s, {\n  %s,\n})", literal(p.address()), strings.Join(options, ",\n  "))
}

// quoted is a text as one word of a shell (POSIX, "Single-Quotes"). What is not visible
// could do something in a terminal that it is pasted into, and is left out.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(visibleASCII(text), "'", `'\''`) + "'"
}

// literal is a text as a string of JavaScript.
func literal(text string) string {
	encoded, err := json.Marshal(visibleASCII(text))
	if err != nil {
		return `""` // a string always marshals
	}
	return string(encoded)
}

// visibleASCII leaves out what is not, and says so with a question mark. The ellipsis of
// what was too long stays.
func visibleASCII(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' && string(c) != inspect.Ellipsis {
			return '?'
		}
		return c
	}, text)
}

func plain(text string) bool { return visibleASCII(text) == text }
