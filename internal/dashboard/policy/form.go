package policy

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
)

// commonMethods are those that have a box of their own.
var commonMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

// A form is the policy as it is shown and typed.
type form struct {
	Version       int64
	Mode          string
	Credentials   bool
	Methods       []string // of commonMethods, ticked
	OtherMethods  string
	AnyHeader     bool
	Headers       string // a name on each line
	ExposeAll     bool
	Expose        string // a name on each line
	MaxAge        string // seconds
	QueryCarrier  string
	TokenRequired bool
	OpenEnvelopes bool
	Exempt        string   // "POST /saml/acs" on each line
	Credential    string   // what becomes of it: "", "replace" or "remove"; never what it is
	Confirmed     []string // fields whose box was ticked

	Now    control.Policy // as it is in force
	Error  string
	Errors map[string]string // by field
	Lacks  string            // why the visitor cannot change it, or ""
	Locks  map[string]*shell.Locked
}

// formOf shows a policy.
func formOf(p control.Policy) form {
	f := form{
		Version: p.Version, Mode: string(p.Mode), Credentials: p.Credentials,
		AnyHeader: p.AnyHeader, Headers: strings.Join(p.Headers, "\n"),
		ExposeAll: p.Expose == nil, Expose: strings.Join(p.Expose, "\n"),
		MaxAge:       strconv.FormatInt(int64(p.MaxAge/time.Second), 10),
		QueryCarrier: string(p.QueryCarrier), TokenRequired: p.TokenRequired, OpenEnvelopes: p.OpenEnvelopes,
		Exempt: strings.Join(exemptLines(p.Exempt), "\n"), Now: p,
	}
	var others []string
	for _, m := range p.Methods {
		if slices.Contains(commonMethods, m) {
			f.Methods = append(f.Methods, m)
			continue
		}
		others = append(others, m)
	}
	f.OtherMethods = strings.Join(others, " ")
	return f
}

func exemptLines(paths []gate.ExemptPath) []string {
	var lines []string
	for _, e := range paths {
		lines = append(lines, e.Method+" "+e.Path)
	}
	return lines
}

// typed reads the form as it was sent. The credential itself is read where it is
// saved, and is in no form that is shown.
func typed(values url.Values) form {
	version, _ := strconv.ParseInt(values.Get("version"), 10, 64)
	return form{
		Version: version, Mode: values.Get("mode"), Credentials: values.Has("credentials"),
		Methods: values["method"], OtherMethods: values.Get("other-methods"),
		AnyHeader: values.Get("any-header") == "yes", Headers: values.Get("headers"),
		ExposeAll: values.Get("expose-all") == "yes", Expose: values.Get("expose"),
		MaxAge: values.Get("max-age"), QueryCarrier: values.Get("query-carrier"),
		TokenRequired: values.Has("token-required"), OpenEnvelopes: values.Has("open-envelopes"), Exempt: values.Get("exempt"),
		Credential: values.Get("credential"), Confirmed: values["confirm"],
	}
}

// Choices are the boxes of the methods.
func (f form) Choices() []choice {
	all := make([]choice, len(commonMethods))
	for i, m := range commonMethods {
		all[i] = choice{m, slices.Contains(f.Methods, m)}
	}
	return all
}

// A choice is a box to tick.
type choice struct {
	Value  string
	Ticked bool
}

// asked is what the form asks the control plane for. Locked settings are left out.
func (f form) asked(credential string) (control.SetPolicy, error) {
	seconds, err := f.maxAge()
	if err != nil {
		return control.SetPolicy{}, err
	}
	carrier, mode, exempt := gate.QueryCarrier(f.QueryCarrier), gate.Mode(f.Mode), f.exempt()
	methods, headers, expose := f.methods(), names(f.Headers), f.exposed()
	in := control.SetPolicy{
		Version: f.Version, Mode: &mode, Credentials: &f.Credentials, Methods: &methods,
		AnyHeader: &f.AnyHeader, Headers: &headers, Expose: &expose, MaxAge: &seconds,
		QueryCarrier: &carrier, TokenRequired: &f.TokenRequired, OpenEnvelopes: &f.OpenEnvelopes, Exempt: &exempt,
	}
	switch f.Credential {
	case "replace":
		if strings.TrimSpace(credential) == "" {
			return in, &control.Error{Code: control.CodeInvalid, Field: "upstream-credential", Message: "Type the credential; nothing typed replaces none."}
		}
		in.UpstreamCredential = &credential
	case "remove":
		none := ""
		in.UpstreamCredential = &none
	}
	f.leaveLocked(&in)
	return in, nil
}

// maxAge is the time that was typed. A locked one was not.
func (f form) maxAge() (time.Duration, error) {
	if _, locked := f.Locks["max-age"]; locked {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(f.MaxAge), 10, 32)
	if err != nil {
		return 0, &control.Error{Code: control.CodeInvalid, Field: "max-age", Message: "Give a number of seconds, 0 or more.", Cause: err}
	}
	return time.Duration(n) * time.Second, nil
}

// leaveLocked leaves out what was given when Crossgate was started.
func (f form) leaveLocked(in *control.SetPolicy) {
	for field := range f.Locks {
		switch field {
		case "mode":
			in.Mode = nil
		case "credentials":
			in.Credentials = nil
		case "methods":
			in.Methods = nil
		case "headers":
			in.AnyHeader, in.Headers = nil, nil
		case "expose":
			in.Expose = nil
		case "max-age":
			in.MaxAge = nil
		case "query-carrier":
			in.QueryCarrier = nil
		case "token-required":
			in.TokenRequired = nil
		case "open-envelopes":
			in.OpenEnvelopes = nil
		case "exempt":
			in.Exempt = nil
		case "upstream-credential":
			in.UpstreamCredential = nil
		}
	}
}

// methods are the methods of the form. Whatever order they are ticked in, the
// common ones come first.
func (f form) methods() []string {
	return append(slices.Clone(f.Methods), names(f.OtherMethods)...)
}

// exposed are the names to expose; nil is every one.
func (f form) exposed() []string {
	if f.ExposeAll {
		return nil
	}
	return append([]string{}, names(f.Expose)...)
}

// exempt are the exempt paths. A line that is no method and path keeps what it
// has, to be told of it.
func (f form) exempt() []gate.ExemptPath {
	var paths []gate.ExemptPath
	for line := range strings.Lines(f.Exempt) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		method, path, _ := strings.Cut(line, " ")
		paths = append(paths, gate.ExemptPath{Method: method, Path: strings.TrimSpace(path)})
	}
	return paths
}

// names returns the names of a text, with commas, spaces or lines between; nil
// where there is none.
func names(text string) []string {
	list := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c <= ' ' })
	if len(list) == 0 {
		return nil
	}
	return list
}
