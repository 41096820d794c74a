package security

import (
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Forms on the page of refused origins lead here, to the one way in that there is, and
// their changes lead back there.
const (
	FromInbox     = "inbox"                          // the "from" of those forms
	UndoFromInbox = Path + "/undo?from=" + FromInbox // takes back what they have added
)

// maxFilledIn is how much an address may fill in, in bytes.
const maxFilledIn = 1000

// FilledIn is the address of the page with an entry filled in. It adds nothing: whoever
// follows it sees what would become of the entry, and presses the button or does not.
func FilledIn(entry string) string {
	return Path + "?" + url.Values{"add": {entry}}.Encode() + "#add"
}

// filledIn is the form as an address fills it in.
func filledIn(query url.Values) addForm {
	text := query.Get("add")
	if text == "" || len(text) > maxFilledIn {
		return addForm{}
	}
	form := addForm{Text: text, Label: query.Get("label"), Expiry: shell.ExpiryOf(query), From: fromOf(query)}
	if len(form.Label) > control.MaxLabel {
		form.Label = ""
	}
	return form
}

// fromOf says where a form stood: [FromInbox], or "" for this page.
func fromOf(values url.Values) string {
	if values.Get("from") == FromInbox {
		return FromInbox
	}
	return ""
}

// backFrom sends the visitor to where the form stood, to be told of the change there.
func (p *Page) backFrom(w http.ResponseWriter, r *http.Request, who shell.Visitor, from string, at place, change control.Change) error {
	if from == FromInbox && p.inbox != "" {
		at = shell.Spot{Path: p.inbox}
	}
	return back(w, r, who, at, change)
}
