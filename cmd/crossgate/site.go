package main

import (
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
)

// siteCommands are the commands of sites, their policies and their people.
func siteCommands() []command {
	return []command{
		siteAddCommand(), siteSetCommand(), siteListCommand(), siteShowCommand(), siteRemoveCommand(),
		siteMemberAddCommand(), siteMemberListCommand(), siteMemberRemoveCommand(),
	}
}

// policyJSON is the site's policy as scripts read it.
type policyJSON struct {
	Credentials        bool              `json:"credentials"`
	Methods            []string          `json:"methods"`
	AnyHeader          bool              `json:"any_header"`
	Headers            []string          `json:"headers"`
	MaxAge             int64             `json:"max_age"` // seconds
	Expose             []string          `json:"expose"`  // null: every response header
	QueryCarrier       gate.QueryCarrier `json:"query_carrier"`
	Exempt             []string          `json:"exempt"`
	TokenRequired      bool              `json:"token_required"`
	OpenEnvelopes      bool              `json:"open_envelopes"`
	Mode               gate.Mode         `json:"mode"`
	UpstreamCredential string            `json:"upstream_credential"` // "set" or ""
	Version            int64             `json:"version"`
	Locked             []lockedJSON      `json:"locked"`
}

// lockedJSON is a setting that was given by flag, environment or file, and wins.
type lockedJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Given string `json:"given"`
}

func policyToJSON(p control.Policy, locked []lockedJSON) policyJSON {
	return policyJSON{
		Credentials: p.Credentials, Methods: append([]string{}, p.Methods...), AnyHeader: p.AnyHeader,
		Headers: append([]string{}, p.Headers...), MaxAge: int64(p.MaxAge.Seconds()), Expose: p.Expose,
		QueryCarrier: p.QueryCarrier, Exempt: exemptTexts(p.Exempt), TokenRequired: p.TokenRequired,
		OpenEnvelopes: p.OpenEnvelopes, Mode: p.Mode, UpstreamCredential: p.UpstreamCredential,
		Version: p.Version, Locked: append([]lockedJSON{}, locked...),
	}
}

// exemptTexts are exempt paths as the command line has them: "POST /saml".
func exemptTexts(paths []gate.ExemptPath) []string {
	texts := make([]string, len(paths))
	for i, e := range paths {
		texts[i] = e.Method + " " + e.Path
	}
	return texts
}

// A policyRow is one line of the policy for people: the flag that sets it, its value,
// and what that grants to whom.
type policyRow struct{ flag, value, grants string }

func policyRows(p control.Policy) []policyRow {
	exempt := strings.Join(exemptTexts(p.Exempt), ", ")
	return []policyRow{
		{"mode", string(p.Mode), "whether pages of other origins are refused"},
		{"credentials", onOff(p.Credentials), "whether pages of trusted https origins may send cookies"},
		{"methods", strings.Join(p.Methods, ","), "what pages of trusted origins may do"},
		{"headers", allOr("any", p.AnyHeader, p.Headers), "the request headers that they may send"},
		{"expose", allOr("all", p.Expose == nil, p.Expose), "the response headers that they may read"},
		{"max-age", p.MaxAge.String(), "how long browsers keep a preflight's answer"},
		{"query-token", string(p.QueryCarrier), "which requests may carry a token in their URL"},
		{"token-required", onOff(p.TokenRequired), "whether requests without a token are refused"},
		{"open-envelopes", onOff(p.OpenEnvelopes), "whether envelopes without a token may change things"},
		{"exempt", allOr("", false, []string{exempt}), "what pages of any origin may call"},
		{"upstream-credential", orNone(p.UpstreamCredential), "sent to the API in place of a verified access token"},
	}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// allOr is a list of names, or the word for all of them.
func allOr(word string, all bool, names []string) string {
	if all {
		return word
	}
	return orNone(strings.Join(names, ","))
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
