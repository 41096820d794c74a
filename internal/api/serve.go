package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
)

// A call is one request, by whom.
type call struct {
	*http.Request
	control *control.Service // as seen from the site that is meant
	key     control.Key      // whose it is; zero on a route for everybody
	actor   control.Actor    // who asks, for the audit log
	named   bool             // the path names the site
}

// An answer is what a handler returns, before it is written.
type answer struct {
	status   int    // 0: 200
	body     any    // as JSON; nil: none
	plain    []byte // instead of body, as kind
	kind     string
	version  int64    // for the ETag; 0: none
	location string   // of what was made
	links    []string // fields Link
	secret   bool     // body has a secret, which nobody keeps
}

// ServeHTTP answers a request below [Base].
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	a.mux.ServeHTTP(w, r)
}

// path answers the requests for one path.
func (a *API) path(methods map[string]Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := a.answer(w, r, methods)
		if err == nil {
			out.send(w, r)
			return
		}
		a.problem(r, err).send(w, r)
	})
}

// answer runs the checks that every route has, and then its handler.
func (a *API) answer(w http.ResponseWriter, r *http.Request, methods map[string]Route) (rendered, error) {
	if err := fromNoPage(r); err != nil {
		return rendered{}, err
	}
	route, err := find(methods, r.Method)
	if err != nil {
		return rendered{}, err
	}
	c, err := a.identify(r, route)
	if err == nil {
		err = acceptable(r, route)
	}
	if err != nil {
		return rendered{}, err
	}
	if r.Method == http.MethodPost {
		return a.once(w, c, route)
	}
	return a.run(w, c, route)
}

// run calls the handler, whose body is limited.
func (a *API) run(w http.ResponseWriter, c *call, route Route) (rendered, error) {
	c.Body = http.MaxBytesReader(w, c.Body, maxBodyOf(route))
	out, err := route.handle(a, c)
	if err != nil {
		return rendered{}, err
	}
	return render(out)
}

// find returns the route of a method; HEAD is GET without the body.
func find(methods map[string]Route, method string) (Route, error) {
	if len(methods) == 0 {
		return Route{}, notFound
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	route, ok := methods[method]
	if !ok {
		return Route{}, methodNotAllowed(methods)
	}
	return route, nil
}

// allowed lists the methods of a path, for Allow.
func allowed(methods map[string]Route) string {
	names := slices.Collect(maps.Keys(methods))
	if methods[http.MethodGet].Method != "" {
		names = append(names, http.MethodHead)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// A rendered is an answer as it is written.
type rendered struct {
	status int
	header http.Header
	body   []byte
	secret bool
}

// render makes an answer ready.
func render(out answer) (rendered, error) {
	got := rendered{status: out.status, header: http.Header{}, body: out.plain, secret: out.secret}
	if got.status == 0 {
		got.status = http.StatusOK
	}
	if out.kind != "" {
		got.header.Set("Content-Type", out.kind)
	}
	if out.version != 0 {
		got.header.Set("ETag", etag(out.version))
	}
	if out.location != "" {
		got.header.Set("Location", out.location)
	}
	if len(out.links) > 0 {
		got.header["Link"] = []string{strings.Join(out.links, ", ")}
	}
	if out.body == nil {
		return got, nil
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out.body); err != nil {
		return rendered{}, fmt.Errorf("writing the answer: %w", err)
	}
	got.body = text.Bytes()
	got.header.Set("Content-Type", "application/json")
	return got, nil
}

func (out rendered) send(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), out.header)
	if out.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(out.body)))
	}
	w.WriteHeader(out.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(out.body) // the client is gone, or it has it
	}
}
