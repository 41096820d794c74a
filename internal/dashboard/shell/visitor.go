package shell

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
)

// A Visitor is a person who is signed in, for the length of one request.
type Visitor struct {
	Name  string        // of the account
	Actor control.Actor // who asks, for the audit log
}

// visitor returns who sent the request, or nil where nobody is signed in.
func (s *Shell) visitor(r *http.Request) (*Visitor, error) {
	secret := s.guard.Session(r)
	if secret == "" {
		return nil, nil
	}
	session, err := s.sessions.Session(r.Context(), secret)
	if refused := (*control.Error)(nil); errors.As(err, &refused) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	name := session.Account.Name
	return &Visitor{Name: name, Actor: control.Actor{Kind: "user", Name: name, Address: s.address(r)}}, nil
}
