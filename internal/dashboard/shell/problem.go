package shell

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
)

// A Problem is an error with a page: what happened, and what to do.
type Problem struct {
	Status int // of HTTP
	Title  string
	Detail string
	Link   *Link // nil: to the dashboard's first page
}

// A Link is where the page of a problem leads.
type Link struct{ Name, Path string }

func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// The problems that any route can have.
var (
	NotFound = &Problem{
		Status: http.StatusNotFound, Title: "This page does not exist",
		Detail: "It may have been removed, or the address has a typing mistake.",
	}
	methodNotAllowed = &Problem{
		Status: http.StatusMethodNotAllowed, Title: "This page cannot be asked for that way",
		Detail: "It takes forms from the dashboard's own pages. Open the page that has the form.",
	}
	signedOut = &Problem{
		Status: http.StatusUnauthorized, Title: "You are signed out",
		Detail: "Nothing was changed. Sign in in another tab, then come back to this one and send it again: what you typed is still here.",
		Link:   &Link{Name: "Sign in", Path: SignInPath},
	}
	badForm = &Problem{
		Status: http.StatusBadRequest, Title: "The form could not be read",
		Detail: "Nothing was changed. Go back, reload the page and send it again.",
	}
	tooLarge = &Problem{
		Status: http.StatusRequestEntityTooLarge, Title: "That is more than fits into one form",
		Detail: "Nothing was changed. Send it in smaller parts, or use crossgate domain import.",
	}
)

// notAllowed is what somebody is told whose role is too small for a route.
func notAllowed(who Visitor, need control.Role) *Problem {
	return &Problem{
		Status: http.StatusForbidden, Title: "Your role does not allow this",
		Detail: "Nothing was changed. " + who.Lacks(need),
	}
}

// internalTitle is all that a person is told of a fault of ours; the log has the rest.
const internalTitle = "Something went wrong here"

// StatusOf returns the HTTP status for the code of a refusal.
func StatusOf(e *control.Error) int {
	switch {
	case e.Code == control.CodeNotFound:
		return http.StatusNotFound
	case e.Code == control.CodeChangedSince:
		return http.StatusConflict
	case e.Code == control.CodeTooManyAttempts:
		return http.StatusTooManyRequests
	case e.Code == control.CodeSavedNotLive, strings.HasPrefix(e.Code, "database-"):
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

// problemOf returns the page for an error. What is no refusal is internal.
func problemOf(err error) (problem *Problem, internal bool) {
	var (
		refused *control.Error
		refusal *guard.Refusal
		size    *http.MaxBytesError
	)
	switch {
	case errors.As(err, &problem):
		return problem, false
	case errors.As(err, &refused):
		return &Problem{Status: StatusOf(refused), Title: "That did not work", Detail: refused.Message}, false
	case errors.As(err, &refusal):
		return &Problem{Status: refusal.Status, Title: "Not from here", Detail: refusal.Message}, false
	case errors.As(err, &size):
		return tooLarge, false
	}
	return &Problem{Status: http.StatusInternalServerError, Title: internalTitle}, true
}

// showProblem answers with the page for an error, and logs what is internal.
func (m *Mux) showProblem(w http.ResponseWriter, r *http.Request, err error) {
	problem, internal := problemOf(err)
	if internal {
		// A pattern and not the path: what people type stays out of the log.
		reference := rand.Text()[:8]
		m.shell.log.ErrorContext(r.Context(), "dashboard request failed", "route", r.Pattern, "reference", reference, "error", err)
		problem.Detail = "It is not your doing, and it has been written to Crossgate's log under the reference " + reference + ". Try again in a moment."
	}
	// Whoever cannot be told apart now is shown the page of somebody signed out.
	who := m.witness(r)
	page := Page{Title: problem.Title, Visitor: who, Body: problem}
	if err := m.shell.Render(w, problem.Status, m.shell.problem, page); err != nil {
		m.shell.log.ErrorContext(r.Context(), "dashboard problem page failed", "error", err)
		http.Error(w, problem.Title, problem.Status)
	}
}

// witness is who is shown a problem: somebody who may see nothing of the site that the
// address names sees the problem as at the default one.
func (m *Mux) witness(r *http.Request) *Visitor {
	who, err := m.visitor(r)
	if errors.Is(err, NotFound) || who != nil && who.prefix != "" && who.here == "" {
		who, _ = m.visitor(r.WithContext(context.WithValue(r.Context(), siteKey{}, control.DefaultSite)))
	}
	return who
}
