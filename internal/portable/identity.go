package portable

import (
	"bytes"
	"encoding/json"
	"strings"
)

// readOkta reads trusted origins as Okta's API lists them. Only those of scope CORS
// may call an API from a page.
func readOkta(l *list, text []byte) {
	l.elements(text, func(line int, element json.RawMessage) {
		var o struct {
			Name, Origin, Status string
			Scopes               []struct{ Type string }
		}
		if err := json.Unmarshal(element, &o); err != nil || o.Origin == "" {
			l.refuse(line, `this is no trusted origin of Okta's: it has no "origin"`)
			return
		}
		cors := false
		for _, scope := range o.Scopes {
			cors = cors || scope.Type == "CORS"
		}
		switch {
		case !cors:
			l.note(line, "%s is left out: it is not of scope CORS", o.Origin)
		case strings.Contains(o.Origin, "*"):
			l.refuse(line, "%s: add this wildcard by hand, as *.example.com, once you know that you trust everything below that domain", o.Origin)
		default:
			if o.Status == "INACTIVE" {
				l.note(line, "%s is inactive: it is saved, but switched off", o.Origin)
			}
			l.add(Entry{Line: line, Typed: o.Origin, Domain: o.Origin, Label: o.Name, Off: o.Status == "INACTIVE"})
		}
	})
}

// readAuth0 reads applications as Auth0's API shows them: their allowed_origins, for
// CORS, and web_origins, for logins from a page.
func readAuth0(l *list, text []byte) {
	l.elements(text, func(line int, element json.RawMessage) {
		var client struct {
			Name           string   `json:"name"`
			AllowedOrigins []string `json:"allowed_origins"`
			WebOrigins     []string `json:"web_origins"`
		}
		if err := json.Unmarshal(element, &client); err != nil {
			l.refuse(line, `this is no application of Auth0's, with "allowed_origins" or "web_origins"`)
			return
		}
		if len(client.AllowedOrigins)+len(client.WebOrigins) == 0 {
			l.note(line, "the application %s has neither allowed_origins nor web_origins", shown(client.Name))
		}
		seen, place := make(map[string]bool), finder{text: element}
		for _, origin := range append(client.AllowedOrigins, client.WebOrigins...) {
			if l.full {
				return
			}
			if !seen[origin] {
				seen[origin] = true
				l.addAuth0(line+place.lineOf(origin), origin, client.Name)
			}
		}
	})
}

// A finder finds texts of an object one after the other, mostly in their order.
type finder struct {
	text []byte
	at   int  // where the last one was found
	line int  // of that, from 0
	lost bool // one was not found: nothing more is searched for
}

// lineOf is how many lines into the object a text stands, or the one before it where it
// is not found.
func (f *finder) lineOf(text string) int {
	quoted, _ := json.Marshal(text)
	i := -1
	if !f.lost {
		i = bytes.Index(f.text[f.at:], quoted)
	}
	if i < 0 && f.at > 0 && !f.lost { // the second list may stand first
		f.at, f.line = 0, 0
		i = bytes.Index(f.text, quoted)
	}
	if f.lost = i < 0; f.lost {
		return f.line
	}
	f.line += lines(f.text[f.at : f.at+i])
	f.at += i
	return f.line
}

// addAuth0 adds one origin. Auth0's wildcard stands for one label, and Crossgate's for
// any number of them, which is more.
func (l *list) addAuth0(line int, origin, name string) {
	switch {
	case strings.Contains(origin, "*"):
		l.refuse(line, "%s trusts one level of subdomains there, and *.example.com would trust every level here: add the names that you need, or the wildcard by hand", origin)
	case strings.ContainsAny(origin, "{}"):
		l.refuse(line, "%s has a placeholder, which only Auth0 can fill in: add the names that you need", origin)
	default:
		l.add(Entry{Line: line, Typed: origin, Domain: origin, Label: name})
	}
}
