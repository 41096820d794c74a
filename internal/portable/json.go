package portable

import (
	"bytes"
	"encoding/json"
	"errors"
)

// elements visits the elements of an array, or the one object that stands alone, each
// with the line where it begins.
func (l *list) elements(text []byte, visit func(line int, element json.RawMessage)) {
	whole := bytes.TrimLeft(text, " \t\r\n")
	if !json.Valid(text) {
		l.refuse(errorLine(text), "this is not JSON; copy the whole list, from the first bracket to the last")
		return
	}
	if whole[0] != '[' {
		visit(1+lines(text[:len(text)-len(whole)]), whole)
		return
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.Token() // the bracket; the text is valid
	at, line := 0, 1
	for dec.More() && !l.full {
		var element json.RawMessage
		if err := dec.Decode(&element); err != nil {
			l.refuse(0, "%v", err)
			return
		}
		begins := int(dec.InputOffset()) - len(element)
		at, line = begins, line+lines(text[at:begins])
		visit(line, element)
	}
}

func lines(text []byte) int { return bytes.Count(text, []byte("\n")) }

// errorLine is the line where a text stops being JSON.
func errorLine(text []byte) int {
	bad, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(text, new(any)))
	if !ok {
		return 0
	}
	return 1 + lines(text[:min(int(bad.Offset), len(text))])
}

// readJSON reads an array of entries as text, or of objects as Write has them.
func readJSON(l *list, text []byte) {
	l.elements(text, func(line int, element json.RawMessage) {
		var entry string
		if json.Unmarshal(element, &entry) == nil && entry != "" {
			l.add(Entry{Line: line, Typed: entry, Domain: entry})
			return
		}
		l.addObject(line, element)
	})
}

func (l *list) addObject(line int, element json.RawMessage) {
	var o struct {
		Domain    string  `json:"domain"`
		Label     string  `json:"label"`
		Enabled   *bool   `json:"enabled"`
		ExpiresAt *string `json:"expires_at"`
	}
	if err := json.Unmarshal(element, &o); err != nil || o.Domain == "" {
		l.refuse(line, `write an entry as text, "app.example.com", or as {"domain":"app.example.com","label":"…","expires_at":null,"enabled":true}`)
		return
	}
	e := Entry{Line: line, Typed: o.Domain, Domain: o.Domain, Label: o.Label, Off: o.Enabled != nil && !*o.Enabled}
	if o.ExpiresAt != nil {
		var err error
		if e.Expires, err = parseExpiry(*o.ExpiresAt); err != nil {
			l.refuse(line, "expires_at %s: %v", shown(*o.ExpiresAt), err)
		}
	}
	l.add(e)
}
