package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
)

// typeBase is where the codes are described; with a code behind it, it is the "type"
// of a problem document.
const typeBase = "https://github.com/crossgate/crossgate/blob/main/docs/reference/api.md#"

// A problem is an answer that says what was wrong and what to do (RFC 9457).
type problem struct {
	Type   string     `json:"type"`
	Title  string     `json:"title"`
	Status int        `json:"status"`
	Detail string     `json:"detail"`
	Code   string     `json:"code"`
	Errors []mistake  `json:"errors,omitempty"` // where fields are to blame
	Lines  []lineJSON `json:"lines,omitempty"`  // where entries are to blame: all of them, good and bad

	header http.Header
}

// A mistake is what is wrong with one field.
type mistake struct {
	Field   string `json:"field"` // as in the request
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (p *problem) Error() string { return p.Code + ": " + p.Detail }

func newProblem(status int, code, title, detail string) *problem {
	return &problem{Type: typeBase + code, Status: status, Code: code, Title: title, Detail: detail}
}

// with returns the problem with a response field.
func (p *problem) with(name, value string) *problem {
	p.header = http.Header{name: {value}}
	return p
}

// The problems that any route can have.
var (
	notFound = newProblem(http.StatusNotFound, "not-found", "There is nothing here",
		"No such path; /api/v1/openapi.yaml describes those that there are.")
	crossOrigin = newProblem(http.StatusForbidden, "cross-origin", "Pages cannot call this",
		"The management API is for programs. A page of another origin, or one that says so, is refused.")
	keyMissing = newProblem(http.StatusUnauthorized, "key-missing", "A management key is missing",
		"Send Authorization: Bearer cga_…; make a key with: crossgate key create").with("Www-Authenticate", `Bearer realm="crossgate"`)
	keyTwice = newProblem(http.StatusBadRequest, "key-twice", "More than one Authorization field",
		"Send the management key once.")
	notAcceptable = newProblem(http.StatusNotAcceptable, "not-acceptable", "Only JSON can be had",
		"Let Accept allow application/json, or leave it out.")
	notJSON = newProblem(http.StatusUnsupportedMediaType, "not-json", "The body is not declared as JSON",
		"Send Content-Type: application/json, with charset utf-8 or none, and no Content-Encoding.")
	changedMeanwhile = newProblem(http.StatusPreconditionFailed, "changed-since", "It was changed since",
		"If-Match is not its version any more. Read it again, look at what was changed, and send the change with the new ETag.")
	ifMatchMissing = newProblem(http.StatusPreconditionRequired, "if-match-missing", "If-Match is missing",
		"Read it, change what you mean to, and send its ETag as If-Match: a change made meanwhile must not be lost. If-Match: * overwrites.")
	ifMatchMalformed = newProblem(http.StatusBadRequest, "if-match-malformed", "If-Match cannot be read",
		`Send one ETag as it came, such as "3", or *.`)
	ifMatchUnsupported = newProblem(http.StatusBadRequest, "if-match-unsupported", "If-Match means nothing here",
		"This resource has no version. Leave If-Match out.")
)

func methodNotAllowed(methods map[string]Route) *problem {
	allow := allowed(methods)
	return newProblem(http.StatusMethodNotAllowed, "method-not-allowed", "This path does not take that method",
		"It takes "+allow+".").with("Allow", allow)
}

// keyOfSite refuses a key of one site what is of no one site.
var keyOfSite = newProblem(http.StatusForbidden, "key-of-site", "The key is of use at one site alone",
	"This is about people, keys, sites or nodes, which are of no one site. GET /keys/current says which site the key is for; another key is needed here.")

func roleTooSmall(has, need control.Role) *problem {
	return newProblem(http.StatusForbidden, "role", "The key's role does not allow this",
		fmt.Sprintf("The key's role is %s, and this takes %s. Use another key.", has, need))
}

// problem returns the answer for an error, and logs what is a fault of ours.
func (a *API) problem(r *http.Request, err error) rendered {
	p, ok := problemOf(err)
	if !ok {
		reference := rand.Text()[:8]
		a.log.ErrorContext(r.Context(), "management API failed", "route", r.Pattern, "reference", reference, "error", err)
		p = newProblem(http.StatusInternalServerError, "internal", "Something went wrong here",
			"It is not your doing, and is in Crossgate's log under the reference "+reference+".")
	}
	out, err := render(answer{status: p.Status, body: p})
	if err != nil {
		return rendered{status: http.StatusInternalServerError, header: http.Header{}}
	}
	out.header.Set("Content-Type", "application/problem+json")
	for name, values := range p.header {
		out.header[name] = values
	}
	return out
}

// problemOf returns the problem that an error is, and false for what is internal.
func problemOf(err error) (*problem, bool) {
	if p, ok := errors.AsType[*problem](err); ok {
		return p, true
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return newProblem(http.StatusRequestEntityTooLarge, "body-too-large", "The body is too large",
			fmt.Sprintf("At most %d bytes are read. Send it in parts.", large.Limit)), true
	}
	if refused, ok := errors.AsType[*control.Error](err); ok {
		return problemOfControl(refused), true
	}
	return nil, false
}

func problemOfControl(e *control.Error) *problem {
	p := newProblem(statusOf(e.Code), e.Code, "That did not work", sentence(e.Message))
	for _, l := range e.Lines {
		p.Lines = append(p.Lines, lineToJSON(l))
	}
	for _, one := range e.Fields {
		p.Errors = append(p.Errors, mistake{fieldName(one.Field), one.Code, sentence(one.Message)})
	}
	if field := fieldName(e.Field); len(e.Fields) == 0 && field != "" && field != "database" {
		p.Errors = []mistake{{field, e.Code, p.Detail}}
	}
	switch p.Status {
	case http.StatusUnauthorized:
		p.with("Www-Authenticate", `Bearer realm="crossgate", error="invalid_token"`)
	case http.StatusTooManyRequests:
		p.with("Retry-After", waitIn.FindString(e.Message))
	case http.StatusServiceUnavailable:
		p.with("Retry-After", "1")
	}
	return p
}

// waitIn finds the seconds in what control says about waiting.
var waitIn = regexp.MustCompile(`\d+`)

// statusOf returns the HTTP status for the code of a refusal.
func statusOf(code string) int {
	switch code {
	case control.CodeNotFound:
		return http.StatusNotFound
	case control.CodeKeyUnknown, control.CodeKeyExpired, control.CodeKeyRevoked:
		return http.StatusUnauthorized
	case control.CodeTooManyAttempts:
		return http.StatusTooManyRequests
	case control.CodeChangedSince, control.CodeAlreadyUndone, control.CodeNothingToUndo, control.CodeExists,
		control.CodeLastAccount, control.CodeLastOwner, control.CodeNoSecretKey, control.CodeSecretSealed:
		return http.StatusConflict
	case control.CodeSavedNotLive:
		return http.StatusServiceUnavailable
	}
	if strings.HasPrefix(code, "database-") {
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

// fieldName is a field of the control plane as this API's members are named.
func fieldName(field string) string {
	switch field {
	case "expires":
		return "expires_at"
	case "domain":
		return "domains"
	}
	return strings.ReplaceAll(field, "-", "_")
}

// sentence begins with a capital, unless with a name, and ends in a full stop.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}
