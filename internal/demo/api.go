package demo

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// maxBody is the longest body that the sample API reads, in bytes.
const maxBody = 64 << 10

// An API is the sample API: discussions, in memory. Everybody may read. To write
// takes a token: the API's own, in Authorization, or one that the gateway has
// verified and names in Crossgate-Token.
type API struct {
	token       string
	discussions *discussions
	events      *events
	mux         *http.ServeMux
}

// NewAPI makes the sample API, with its own token, and a few discussions.
func NewAPI(token string, now func() time.Time) *API {
	a := &API{
		token:       token,
		discussions: newDiscussions(now, "Welcome", "What are you reading?", "Ideas for the summer"),
		events:      newEvents(),
		mux:         http.NewServeMux(),
	}
	a.mux.Handle("GET /api/v2/discussions", handler(a.list))
	a.mux.Handle("POST /api/v2/discussions", handler(a.add))
	a.mux.Handle("GET /api/v2/discussions/{id}", handler(a.get))
	a.mux.Handle("PATCH /api/v2/discussions/{id}", handler(a.rename))
	a.mux.Handle("DELETE /api/v2/discussions/{id}", handler(a.remove))
	a.mux.Handle("PUT /api/v2/discussions/{id}/attachment", handler(a.attach))
	a.mux.HandleFunc("GET /api/v2/discussions/{id}/attachment", a.attachment)
	a.mux.HandleFunc("GET /api/v2/events", a.events.serve)
	return a
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// An answer is what the API says: what was asked for, and what it saw.
type answer struct {
	status      int
	etag        string       // of the discussion; "" where there is no one to speak of
	Discussion  *Discussion  `json:"discussion,omitempty"`
	Discussions []Discussion `json:"discussions,omitempty"`
	Attachment  *Attachment  `json:"attachment,omitempty"`
	Error       string       `json:"error,omitempty"`
	Seen        Seen         `json:"seen"`
}

// handler turns a function's answer or error into a response.
type handler func(*http.Request) (answer, error)

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	got, err := h(r)
	if err != nil {
		got = answer{status: statusOf(err), Error: err.Error()}
	}
	got.Seen = seen(r)
	if got.etag != "" {
		w.Header().Set("ETag", got.etag)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(got.status)
	if got.status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(got) // the client is gone, or it has it
	}
}

var (
	errNoToken = errors.New("to write takes a token: Authorization: Bearer …")
	errNotJSON = errors.New("the content type must be application/json")
	errBadJSON = errors.New(`the body must be JSON, as in {"name": "Hello"}`)
)

func statusOf(err error) int {
	switch {
	case errors.Is(err, errNoDiscussion), errors.Is(err, errNone):
		return http.StatusNotFound
	case errors.Is(err, errChanged):
		return http.StatusPreconditionFailed
	case errors.Is(err, errNoToken):
		return http.StatusUnauthorized
	case errors.Is(err, errNotJSON), errors.Is(err, errNotBytes):
		return http.StatusUnsupportedMediaType
	case errors.Is(err, errTooLong):
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

func (a *API) list(*http.Request) (answer, error) {
	return answer{status: http.StatusOK, Discussions: a.discussions.list()}, nil
}

func (a *API) get(r *http.Request) (answer, error) {
	d, err := a.discussions.get(id(r))
	return answer{status: http.StatusOK, Discussion: &d, etag: d.etag()}, err
}

func (a *API) add(r *http.Request) (answer, error) {
	name, err := a.written(r)
	if err != nil {
		return answer{}, err
	}
	d, err := a.discussions.add(name)
	if err == nil {
		a.events.publish("added", d)
	}
	return answer{status: http.StatusCreated, Discussion: &d, etag: d.etag()}, err
}

func (a *API) rename(r *http.Request) (answer, error) {
	name, err := a.written(r)
	if err != nil {
		return answer{}, err
	}
	d, err := a.discussions.rename(id(r), name, r.Header.Get("If-Match"))
	if err == nil {
		a.events.publish("renamed", d)
	}
	return answer{status: http.StatusOK, Discussion: &d, etag: d.etag()}, err
}

func (a *API) remove(r *http.Request) (answer, error) {
	if !a.authorized(r) {
		return answer{}, errNoToken
	}
	d := Discussion{ID: id(r)}
	err := a.discussions.remove(d.ID)
	if err == nil {
		a.events.publish("removed", d)
	}
	return answer{status: http.StatusNoContent}, err
}

// written returns the name that an authorized request wants written.
func (a *API) written(r *http.Request) (string, error) {
	switch {
	case !a.authorized(r):
		return "", errNoToken
	case r.Header.Get("Content-Type") != "application/json":
		return "", errNotJSON
	}
	var body struct{ Name string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return "", errBadJSON
	}
	return body.Name, nil
}

// authorized reports whether a request may write. The gateway removes Crossgate-
// fields that clients send; this API trusts it, and listens on loopback alone.
func (a *API) authorized(r *http.Request) bool {
	want := "Bearer " + a.token
	own := subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(want)) == 1
	return own || r.Header.Get("Crossgate-Token") != ""
}

// id is the number in the path; 0, which is nobody's, where it is none.
func id(r *http.Request) int {
	n, _ := strconv.Atoi(r.PathValue("id"))
	return n
}
