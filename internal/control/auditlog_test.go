package control_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// history is a log of five changes, an hour apart, the newest last.
func history(t *testing.T) (*control.Service, time.Time) {
	t.Helper()
	c, at := newControl(t)
	begin := at.Now()
	step := func(err error) {
		t.Helper()
		must(t, err)
		at.forward(time.Hour)
	}
	bob := control.Actor{Kind: "key", Name: "bob", Address: "198.51.100.9"}
	_, _, err := c.AddDomains(t.Context(), bob, control.AddDomains{Text: []string{"app.example.com"}})
	step(err)
	_, _, err = c.CreateToken(t.Context(), anna, control.CreateToken{Name: "Mobile_100%"})
	step(err)
	_, err = c.AddAccount(t.Context(), anna, "bob", password, control.RoleOwner)
	step(err)
	_, _, err = c.SetPolicy(t.Context(), bob, control.SetPolicy{Credentials: new(true)})
	step(err)
	_, err = c.RemoveDomains(t.Context(), anna, []int64{1})
	step(err)
	return c, begin
}

func TestAuditIsFiltered(t *testing.T) {
	c, begin := history(t)
	hours := func(n int) time.Time { return begin.Add(time.Duration(n) * time.Hour) }
	search := func(text string) control.AuditQuery {
		return control.AuditQuery{ListQuery: control.ListQuery{Search: text}}
	}
	tests := []struct {
		name string
		q    control.AuditQuery
		want string // the actions, newest first
	}{
		{"everything", control.AuditQuery{}, "domain.remove policy.set account.add token.create domain.add"},
		{"one action", control.AuditQuery{Action: "domain.add"}, "domain.add"},
		{"a family of actions", control.AuditQuery{Action: "domain"}, "domain.remove domain.add"},
		{"half a name is no family", control.AuditQuery{Action: "dom"}, ""},
		{"no wildcards", control.AuditQuery{Action: "%"}, ""},
		{"by one", control.AuditQuery{Actor: " BOB "}, "policy.set domain.add"},
		{"a long action", control.AuditQuery{Action: strings.Repeat("%_", 100_000)}, ""},
		{"a long name", control.AuditQuery{Actor: strings.Repeat("x", 100_000)}, ""},
		{"a long search", search(strings.Repeat("%_", 100_000)), ""},
		{"by nobody", control.AuditQuery{Actor: "carl"}, ""},
		{"from a time", control.AuditQuery{From: hours(3)}, "domain.remove policy.set"},
		{"before a time", control.AuditQuery{To: hours(1)}, "domain.add"},
		{"between", control.AuditQuery{From: hours(1), To: hours(3)}, "account.add token.create"},
		{"what was done", search("APP.example"), "domain.remove domain.add"},
		{"to whom", search("account bob"), "account.add"},
		{"from where", search("198.51.100"), "policy.set domain.add"},
		{"signs are signs", search("e_100%"), "token.create"},
		{"no wildcards in a search", search("a%n"), ""},
		{"all of it", control.AuditQuery{ListQuery: control.ListQuery{Search: "app"}, Action: "domain", Actor: "anna", From: hours(1)}, "domain.remove"},
		{"a page", control.AuditQuery{ListQuery: control.ListQuery{Limit: 2}}, "domain.remove policy.set"},
		{"the next page", control.AuditQuery{ListQuery: control.ListQuery{Limit: 2}, Before: 4}, "account.add token.create"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := c.Audit(t.Context(), test.q)
			must(t, err)
			got := []string{}
			for _, a := range list {
				got = append(got, a.Action)
			}
			same(t, strings.Join(got, " "), test.want)
		})
	}
}

// Every change says who, from where, what was before and what is after.
func TestAuditSaysWhatChanged(t *testing.T) {
	c, begin := history(t)
	list, err := c.Audit(t.Context(), control.AuditQuery{Action: "account"})
	must(t, err)
	same(t, list, []control.AuditRecord{{
		Change: control.Change{ID: 3, At: begin.Add(2 * time.Hour), Actor: anna, Action: "account.add", Summary: "added account bob"},
		Before: []byte("null"), After: []byte(`{"account":"bob","role":"owner"}`),
	}})
	same(t, list[0].Actor.Address, anna.Address)
}

// A change that is too long for a list is read by itself, and an export has it whole.
func TestLongChangesAreNotListed(t *testing.T) {
	c, _ := newControl(t)
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("e%d.example.com", i)
	}
	add(t, c, many...)
	add(t, c, "short.example.org")
	list, err := c.Audit(t.Context(), control.AuditQuery{})
	must(t, err)
	if list[0].After == nil || list[1].Before != nil || list[1].After != nil {
		t.Errorf("records of %d and %d bytes are listed", len(list[0].After), len(list[1].After))
	}
	whole, err := c.Audited(t.Context(), list[1].ID)
	must(t, err)
	if len(whole.After) <= control.MaxAuditShown || !bytes.Contains(whole.After, []byte("e999.example.com")) {
		t.Errorf("the whole record has %d bytes", len(whole.After))
	}
	seen := []int{}
	must(t, c.EachAudited(t.Context(), control.AuditQuery{}, func(a control.AuditRecord) error {
		seen = append(seen, len(a.After))
		return nil
	}))
	same(t, seen, []int{len(list[0].After), len(whole.After)})
	_, err = c.Audited(t.Context(), 99)
	wantCode(t, err, control.CodeNotFound)
	stop := errors.New("enough")
	same(t, errors.Is(c.EachAudited(t.Context(), control.AuditQuery{}, func(control.AuditRecord) error { return stop }), stop), true)
}
