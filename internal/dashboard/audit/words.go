package audit

import (
	"strings"
	"unicode"
)

// An action is a kind of change, and what people call it.
type action struct {
	Value string // as in the log
	Name  string
}

// actions returns the kinds of change, in the order in which they are offered.
// Those without a dot are all that begin so.
func actions() []action {
	return []action{
		{"domain", "Trusted Domains: every change"},
		{"domain.add", "Domains added"},
		{"domain.set", "Domain changed"},
		{"domain.remove", "Domains removed"},
		{"domain.undo", "Change undone"},
		{"token", "Access tokens: every change"},
		{"token.create", "Token created"},
		{"token.revoke", "Token revoked"},
		{"origin", "Refused origins: every change"},
		{"origin.ignore", "Origin ignored"},
		{"origin.heed", "Origin heeded again"},
		{"policy.set", "Policy changed"},
		{"ticket.rotate", "Ticket key made"},
		{"account", "Accounts: every change"},
		{"account.setup", "First account made"},
		{"account.add", "Account added"},
		{"account.role", "Role changed"},
		{"account.password", "Password changed"},
		{"account.sessions", "Sessions ended"},
		{"account.remove", "Account removed"},
		{"invitation", "Invitations: every change"},
		{"invitation.create", "Person invited"},
		{"invitation.accept", "Invitation accepted"},
		{"invitation.revoke", "Invitation revoked"},
		{"site", "Sites and members: every change"},
		{"site.add", "Site added"},
		{"site.set", "Site changed"},
		{"site.remove", "Site removed"},
		{"site.member", "Member given a role"},
		{"site.member-remove", "Member removed"},
		{"key", "API keys: every change"},
		{"key.create", "Key created"},
		{"key.revoke", "Key revoked"},
	}
}

// nameOf is what people call a kind of change; one without a name stays as it is
// in the log.
func nameOf(value string) string {
	for _, a := range actions() {
		if a.Value == value {
			return a.Name
		}
	}
	return value
}

// offered returns the kinds of change to choose from. One that was asked for and
// has no name is among them, so that the form says what is shown.
func offered(chosen string) []action {
	all := actions()
	if chosen != "" && nameOf(chosen) == chosen {
		all = append(all, action{chosen, chosen})
	}
	return all
}

// viaOf says by which way a change came, or "" where it was the dashboard.
func viaOf(kind string) string {
	switch kind {
	case "user":
		return ""
	case "command-line":
		return "Command line"
	case "key":
		return "API key"
	case "system":
		return "Crossgate"
	}
	return kind
}

// fieldName is what people call a field of a record: "expires_at" is "Expires".
func fieldName(key string) string {
	switch key {
	case "expires_at":
		return "Expires"
	case "created_at":
		return "Created"
	case "created_by":
		return "Created by"
	case "revoked_at":
		return "Revoked"
	case "enabled":
		return "Switched on"
	case "typed":
		return "Typed as"
	}
	words := strings.TrimSpace(strings.ReplaceAll(key, "_", " "))
	if words == "" {
		return key
	}
	first := []rune(words)
	first[0] = unicode.ToUpper(first[0])
	return string(first)
}
