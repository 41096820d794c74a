package api

import (
	"encoding/json"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// The records as JSON has them, as the command line's --json has them, too. A time
// that there is none of is null.

// domainJSON is a Trusted Domain.
type domainJSON struct {
	ID        int64        `json:"id"`
	Domain    trust.Domain `json:"domain"`
	Label     string       `json:"label"`
	Enabled   bool         `json:"enabled"`
	ExpiresAt *time.Time   `json:"expires_at"`
	CreatedAt *time.Time   `json:"created_at"`
	CreatedBy string       `json:"created_by"`
	LastSeen  *time.Time   `json:"last_seen"`
	Hits      int64        `json:"hits"`
	Version   int64        `json:"version"`
}

func domainToJSON(d control.Domain) domainJSON {
	return domainJSON{
		ID: d.ID, Domain: d.Domain, Label: d.Label, Enabled: d.Enabled, ExpiresAt: jsonTime(d.ExpiresAt),
		CreatedAt: jsonTime(d.CreatedAt), CreatedBy: d.CreatedBy, LastSeen: jsonTime(d.LastSeen), Hits: d.Hits, Version: d.Version,
	}
}

// lineJSON is what became of one entry.
type lineJSON struct {
	Entry   string               `json:"entry"`
	Domain  string               `json:"domain,omitempty"`
	Status  control.LineStatus   `json:"status"`
	Code    string               `json:"code,omitempty"`
	Message string               `json:"message,omitempty"`
	Suggest string               `json:"suggest,omitempty"`
	Confirm []trust.Confirmation `json:"confirm,omitempty"`
	Like    string               `json:"like,omitempty"`
}

func lineToJSON(l control.Line) lineJSON {
	return lineJSON{l.Entry, l.Domain.String(), l.Status, l.Code, l.Message, l.Suggest, l.Confirm, l.Like}
}

func linesToJSON(lines []control.Line) []lineJSON { return each(lines, lineToJSON) }

// changeJSON is an audited change: what undo takes back.
type changeJSON struct {
	ID      int64  `json:"id"`
	Action  string `json:"action"`
	Summary string `json:"summary"`
}

// changeToJSON is null for no change.
func changeToJSON(c control.Change) *changeJSON {
	if c.ID == 0 {
		return nil
	}
	return &changeJSON{c.ID, c.Action, c.Summary}
}

// checkJSON says whether an origin would be allowed.
type checkJSON struct {
	Origin  string           `json:"origin"`
	Allowed bool             `json:"allowed"`
	Reason  string           `json:"reason"`
	Domain  string           `json:"domain,omitempty"`
	Nearest string           `json:"nearest,omitempty"`
	Differs trust.Difference `json:"differs,omitempty"`
	Detail  string           `json:"detail,omitempty"`
}

func checkToJSON(r control.CheckResult) checkJSON {
	return checkJSON{r.Origin, r.Allowed, r.Reason, r.Domain, r.Nearest, r.Differs, r.Detail}
}

// tokenJSON is an access token.
type tokenJSON struct {
	ID           string             `json:"id"`
	Secret       string             `json:"token,omitempty"` // where it was made, and never again
	Name         string             `json:"name"`
	ExpiresAt    *time.Time         `json:"expires_at"`
	RevokedAt    *time.Time         `json:"revoked_at"`
	Methods      []string           `json:"methods"`
	PathPrefix   string             `json:"path_prefix"`
	Domains      []trust.Domain     `json:"domains"`
	Servers      bool               `json:"servers"`
	QueryCarrier token.QueryCarrier `json:"query_carrier"`
	CreatedAt    *time.Time         `json:"created_at"`
	CreatedBy    string             `json:"created_by"`
	LastUsed     *time.Time         `json:"last_used"`
}

func tokenToJSON(t control.Token) tokenJSON {
	return tokenJSON{
		ID: t.ID, Name: t.Name, ExpiresAt: jsonTime(t.ExpiresAt), RevokedAt: jsonTime(t.RevokedAt),
		Methods: list(t.Methods), PathPrefix: t.PathPrefix, Domains: list(t.Domains), Servers: t.Servers,
		QueryCarrier: t.QueryCarrier, CreatedAt: jsonTime(t.CreatedAt), CreatedBy: t.CreatedBy, LastUsed: jsonTime(t.LastUsed),
	}
}

// keyJSON is a management key.
type keyJSON struct {
	ID        string       `json:"id"`
	Secret    string       `json:"key,omitempty"` // where it was made, and never again
	Name      string       `json:"name"`
	Role      control.Role `json:"role"`
	ExpiresAt *time.Time   `json:"expires_at"`
	RevokedAt *time.Time   `json:"revoked_at"`
	CreatedAt *time.Time   `json:"created_at"`
	CreatedBy string       `json:"created_by"`
	LastUsed  *time.Time   `json:"last_used"`
	Site      *string      `json:"site"` // the only one where it is of use; null: all
}

// keyToJSON takes the names of sites by id.
func keyToJSON(k control.Key, names map[int64]string) keyJSON {
	return keyJSON{
		Site: siteName(k.Site, names),
		ID:   k.ID, Name: k.Name, Role: k.Role, ExpiresAt: jsonTime(k.ExpiresAt), RevokedAt: jsonTime(k.RevokedAt),
		CreatedAt: jsonTime(k.CreatedAt), CreatedBy: k.CreatedBy, LastUsed: jsonTime(k.LastUsed),
	}
}

func siteName(id int64, names map[int64]string) *string {
	if id == 0 {
		return nil
	}
	name := names[id]
	return &name
}

// userJSON is a person's account.
type userJSON struct {
	Name      string       `json:"name"`
	Role      control.Role `json:"role"`
	Confined  bool         `json:"confined"` // to the sites where it is a member
	CreatedAt *time.Time   `json:"created_at"`
	LastLogin *time.Time   `json:"last_login"`
}

func userToJSON(a control.Account) userJSON {
	return userJSON{a.Name, a.Role, a.Confined, jsonTime(a.CreatedAt), jsonTime(a.LastLogin)}
}

// sessionJSON is a browser that is signed in.
type sessionJSON struct {
	ID        string     `json:"id"`
	CreatedAt *time.Time `json:"created_at"`
	SeenAt    *time.Time `json:"seen_at"`
	Address   string     `json:"address"`
	UserAgent string     `json:"user_agent"`
}

func sessionToJSON(s control.SessionInfo) sessionJSON {
	return sessionJSON{s.ID, jsonTime(s.CreatedAt), jsonTime(s.SeenAt), s.Address, s.UserAgent}
}

// invitationJSON is an invitation that can still be accepted.
type invitationJSON struct {
	ID        int64        `json:"id"`
	Path      string       `json:"path,omitempty"` // below the dashboard's address, where it was made, and never again
	Name      string       `json:"name"`
	Role      control.Role `json:"role"`
	CreatedAt *time.Time   `json:"created_at"`
	CreatedBy string       `json:"created_by"`
	ExpiresAt *time.Time   `json:"expires_at"`
	Site      *string      `json:"site"` // to which the account will be confined; null: it will not be
}

// invitationToJSON takes the names of sites by id.
func invitationToJSON(i control.Invitation, names map[int64]string) invitationJSON {
	return invitationJSON{Site: siteName(i.Site, names), ID: i.ID, Name: i.Name, Role: i.Role, CreatedAt: jsonTime(i.CreatedAt), CreatedBy: i.CreatedBy, ExpiresAt: jsonTime(i.ExpiresAt)}
}

// auditJSON is a row of the audit log.
type auditJSON struct {
	ID       int64           `json:"id"`
	At       *time.Time      `json:"at"`
	Actor    actorJSON       `json:"actor"`
	Action   string          `json:"action"`
	Summary  string          `json:"summary"`
	Reason   string          `json:"reason"`
	Undone   bool            `json:"undone"`
	Complete bool            `json:"complete"` // false: before and after are too long for a list
	Before   json.RawMessage `json:"before"`
	After    json.RawMessage `json:"after"`
}

// actorJSON is who made a change.
type actorJSON struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

func auditToJSON(r control.AuditRecord) auditJSON {
	return auditJSON{
		ID: r.ID, At: jsonTime(r.At), Actor: actorJSON{r.Actor.Kind, r.Actor.Name, r.Actor.Address},
		Action: r.Action, Summary: r.Summary, Reason: r.Reason, Undone: r.Undone,
		Complete: r.Before != nil && r.After != nil, Before: r.Before, After: r.After,
	}
}

// jsonTime is a time as JSON has it: null where there is none.
func jsonTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// list is never null.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// each converts a list.
func each[R, T any](records []R, toJSON func(R) T) []T {
	out := make([]T, len(records))
	for i, r := range records {
		out[i] = toJSON(r)
	}
	return out
}
