package explain

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// MaxCommand is the longest curl command that is read, in bytes.
const MaxCommand = 1 << 20

// A Command is a curl command as the request of a page.
type Command struct {
	Request preflight.Request
	URL     string
	Origin  string   // of its Origin header, or ""
	Data    string   // of a body that is text, where the command has it; files are not read
	Notes   []string // what of it a page does not do, or does in another way
}

// ParseCurl reads a curl command, for example one that the developer tools of a browser
// have copied. Errors hold nothing of the command but the names of options.
func ParseCurl(text string) (Command, error) {
	if len(text) > MaxCommand {
		return Command{}, fmt.Errorf("the curl command has more than %d bytes", MaxCommand)
	}
	all, err := words(text)
	if err != nil {
		return Command{}, err
	}
	if len(all) > 0 && all[0] == "$" {
		all = all[1:]
	}
	if len(all) == 0 || path.Base(all[0]) != "curl" && !strings.HasSuffix(all[0], "curl.exe") {
		return Command{}, errors.New("this is no curl command: it begins with curl")
	}
	c := curl{args: all[1:]}
	if err := c.read(); err != nil {
		return Command{}, err
	}
	return c.command()
}

// curl is a command as it is read.
type curl struct {
	args    []string
	urls    []string
	method  string
	headers []preflight.Header
	data    []string
	json    bool
	form    bool
	head    bool
	inQuery bool // -G
	upload  bool
	notes   []string
}

func (c *curl) read() error {
	for len(c.args) > 0 {
		arg := c.args[0]
		c.args = c.args[1:]
		var err error
		switch {
		case strings.HasPrefix(arg, "--") && arg != "--":
			err = c.option(arg)
		case strings.HasPrefix(arg, "-") && len(arg) > 1 && arg != "--":
			err = c.shorts(arg[1:])
		case arg != "--":
			c.urls = append(c.urls, arg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shorts reads options of one letter, which may stand together, the last with its value
// behind it.
func (c *curl) shorts(letters string) error {
	for i, letter := range letters {
		name := "-" + string(letter)
		long, known := curlShort[letter]
		switch {
		case !known:
			return unknownOption(name)
		case curlOptions[long] == nil:
			continue // a switch without a meaning for browsers
		}
		takes := curlOptions[long].value
		if rest := letters[i+len(string(letter)):]; takes && rest != "" {
			c.args = slices.Insert(c.args, 0, rest)
		}
		if err := c.option(long); err != nil || takes {
			return err
		}
	}
	return nil
}

func (c *curl) option(name string) error {
	o, known := curlOptions[name]
	switch {
	case !known:
		return unknownOption(name)
	case o == nil:
		return nil
	case !o.value:
		o.set(c, "")
		return nil
	case len(c.args) == 0:
		return fmt.Errorf("curl's option %s needs a value", name)
	}
	value := c.args[0]
	c.args = c.args[1:]
	if o.set != nil {
		o.set(c, value)
	}
	return nil
}

func unknownOption(name string) error {
	name, _, _ = strings.Cut(name, "=")
	return fmt.Errorf("curl's option %.40q is not known here: leave it out, with its value", name)
}

// header reads one of -H (curl manual, --header): "Name;" has no value, "Name:" takes a
// header away.
func (c *curl) header(text string) {
	name, value, found := strings.Cut(text, ":")
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(text, "@"):
		c.note("Headers that stand in a file are not read.")
	case !found && strings.HasSuffix(text, ";"):
		c.add(strings.TrimSuffix(text, ";"), "")
	case found && value != "":
		c.add(name, value)
	}
}

func (c *curl) add(name, value string) {
	c.headers = append(c.headers, preflight.Header{Name: name, Value: value})
}

func (c *curl) has(name string) bool { return c.get(name) != nil }

func (c *curl) get(name string) *preflight.Header {
	for i := range c.headers {
		if strings.EqualFold(c.headers[i].Name, name) {
			return &c.headers[i]
		}
	}
	return nil
}

func (c *curl) note(text string) {
	if !slices.Contains(c.notes, text) {
		c.notes = append(c.notes, text)
	}
}

func (c *curl) user(value string) {
	c.add("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(value)))
}

// command is the request that a page would make instead.
func (c *curl) command() (Command, error) {
	if len(c.urls) != 1 {
		return Command{}, fmt.Errorf("the curl command has %d addresses, and is to have one", len(c.urls))
	}
	got := Command{URL: c.url()}
	if c.json {
		c.addJSON()
	}
	if origin := c.get("origin"); origin != nil {
		got.Origin = origin.Value
	}
	mode := preflight.ModeCORS
	if h := c.get("sec-fetch-mode"); h != nil && h.Value == string(preflight.ModeNoCORS) {
		mode = preflight.ModeNoCORS
	}
	c.leaveBrowsers()
	got.Request = preflight.Request{Method: c.verb(), Headers: c.headers, Body: c.body(), Mode: mode}
	if !c.inQuery {
		got.Data = strings.Join(c.data, "&")
	}
	got.Notes = c.notes
	return got, nil
}

// url is the address, with http:// where curl adds it, and the data of -G.
func (c *curl) url() string {
	address := c.urls[0]
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	if c.inQuery && len(c.data) > 0 {
		separator := "?"
		if strings.Contains(address, "?") {
			separator = "&"
		}
		address += separator + strings.Join(c.data, "&")
	}
	return address
}

// addJSON is what --json sets (curl manual).
func (c *curl) addJSON() {
	for _, h := range []string{"Content-Type", "Accept"} {
		if !c.has(h) {
			c.add(h, "application/json")
		}
	}
}

// leaveBrowsers takes out what a browser adds by itself, where its developer tools have
// copied the command: no script has set that.
func (c *curl) leaveBrowsers() {
	copied := c.has("sec-fetch-mode") || c.has("sec-fetch-site") || c.has("sec-ch-ua")
	if !copied {
		return
	}
	own := []string{"user-agent", "accept-language", "priority", "upgrade-insecure-requests"}
	if c.has("pragma") && c.has("cache-control") { // both come with "Disable cache"
		own = append(own, "pragma", "cache-control")
	}
	var left []string
	c.headers = slices.DeleteFunc(c.headers, func(h preflight.Header) bool {
		lower := strings.ToLower(h.Name)
		if preflight.IsForbiddenHeader(h.Name, h.Value) {
			return true
		}
		if !slices.Contains(own, lower) {
			return false
		}
		left = append(left, lower)
		return true
	})
	if len(left) > 0 {
		c.note(fmt.Sprintf("Left out, because the browser that the command was copied from had added it: %s.", strings.Join(left, ", ")))
	}
}

func (c *curl) verb() string {
	switch {
	case c.method != "":
		return c.method
	case c.head:
		return "HEAD"
	case c.upload:
		return "PUT"
	case c.form, len(c.data) > 0 && !c.inQuery:
		return "POST"
	}
	return "GET"
}

// body is what a page would hand to fetch. What curl calls a form is one here, unless
// the command says what it is.
func (c *curl) body() preflight.Body {
	switch {
	case c.form:
		return preflight.BodyMultipart
	case c.upload:
		return preflight.BodyBuffer
	case len(c.data) == 0, c.inQuery:
		return preflight.BodyNone
	case c.has("content-type"):
		return preflight.BodyString
	}
	return preflight.BodyForm
}

// urlEncoded is a value of --data-urlencode (curl manual).
func urlEncoded(value string) string {
	name, content, found := strings.Cut(value, "=")
	switch {
	case !found:
		return url.QueryEscape(value)
	case name == "":
		return url.QueryEscape(content)
	}
	return name + "=" + url.QueryEscape(content)
}
