package control

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// MaxExempt is how many exempt paths a site can have.
const MaxExempt = 100

// mistakes collects what is wrong with the fields of a form, so that all of it is
// told at once.
type mistakes []*Error

func (m *mistakes) add(field string, err error) {
	if err == nil {
		return
	}
	bad, ok := errors.AsType[*Error](err)
	if !ok {
		bad = &Error{Code: CodeInvalid, Message: err.Error(), Cause: err}
	}
	bad.Field = field
	*m = append(*m, bad)
}

// err is nil, or an *Error whose Fields are the mistakes.
func (m mistakes) err() error {
	switch len(m) {
	case 0:
		return nil
	case 1:
		one := *m[0]
		one.Fields = m
		return &one
	}
	return &Error{
		Code: CodeInvalid, Fields: m,
		Message: fmt.Sprintf("%d settings are wrong, so none was saved; the first: %s", len(m), m[0].Message),
	}
}

// checked returns what is asked for as it will be kept, by the rules that the
// library has for its Config.
func (in SetPolicy) checked() (SetPolicy, error) {
	var wrong mistakes
	in.Methods = checkedList(&wrong, "methods", in.Methods, gate.CheckMethod)
	in.Headers = checkedList(&wrong, "headers", in.Headers, gate.CheckHeader)
	in.Expose = checkedList(&wrong, "expose", in.Expose, gate.CheckHeader)
	if in.Methods != nil && len(*in.Methods) == 0 {
		wrong.add("methods", errors.New("grant at least one method"))
	}
	if in.MaxAge != nil {
		wrong.add("max-age", checkMaxAge(*in.MaxAge))
	}
	if in.QueryCarrier != nil {
		wrong.add("query-carrier", validQueryCarrier(*in.QueryCarrier))
	}
	if in.Mode != nil && *in.Mode != gate.Enforce && *in.Mode != gate.Observe {
		wrong.add("mode", fmt.Errorf("%q is no mode; use enforce or observe", shortened(string(*in.Mode))))
	}
	in.Exempt = checkedExempt(&wrong, in.Exempt)
	if in.UpstreamCredential != nil {
		trimmed := strings.TrimSpace(*in.UpstreamCredential)
		wrong.add("upstream-credential", checkCredential(trimmed))
		in.UpstreamCredential = &trimmed
	}
	return in, wrong.err()
}

func checkMaxAge(d time.Duration) error {
	switch {
	case d < 0:
		return errors.New("the time cannot be negative; 0 lets browsers keep nothing")
	case d > gate.MaxMaxAge:
		return fmt.Errorf("%v is longer than any browser keeps an answer; give at most %v", d, gate.MaxMaxAge)
	case d%time.Second != 0:
		return errors.New("give whole seconds")
	}
	return nil
}

// checkedList checks the names of a list and returns them, each once without regard
// to case.
func checkedList(wrong *mistakes, field string, given *[]string, check func(string) error) *[]string {
	if given == nil || *given == nil {
		return given
	}
	list := make([]string, 0, len(*given))
	for _, name := range *given {
		name = strings.TrimSpace(name)
		if err := check(name); err != nil {
			wrong.add(field, err)
			return given
		}
		if !slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, name) }) {
			list = append(list, name)
		}
	}
	if len(list) > gate.MaxNames {
		wrong.add(field, fmt.Errorf("%d names; give at most %d", len(list), gate.MaxNames))
	}
	return &list
}

// checkedExempt checks exempt paths and returns them, each once.
func checkedExempt(wrong *mistakes, given *[]gate.ExemptPath) *[]gate.ExemptPath {
	if given == nil {
		return nil
	}
	var list []gate.ExemptPath
	for _, e := range *given {
		e = gate.ExemptPath{Method: strings.TrimSpace(e.Method), Path: strings.TrimSpace(e.Path)}
		if err := checkExempt(e); err != nil {
			wrong.add("exempt", err)
			return given
		}
		if !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	if len(list) > MaxExempt {
		wrong.add("exempt", fmt.Errorf("%d exempt paths; give at most %d", len(list), MaxExempt))
	}
	return &list
}

func checkExempt(e gate.ExemptPath) error {
	if e.Path == "" {
		return errors.New("an exempt path has a method and a path, as in POST /saml/acs")
	}
	if err := gate.CheckMethod(e.Method); err != nil {
		return err
	}
	return validPath("exempt", "exempt path", e.Path)
}
