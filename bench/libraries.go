package main

import (
	"net/http"
	"time"

	chi "github.com/go-chi/cors"
	"github.com/gorilla/handlers"
	"github.com/rs/cors"

	"github.com/crossgate/crossgate"
)

// A library puts CORS before a handler, for some trusted domains.
type library struct {
	name string
	wrap func(domains []string, next http.Handler) (http.Handler, error)
}

// libraries are ours and its peers, all set to the same policy: the domains, our
// default methods, the five headers that the preflights ask for, the same Max-Age.
var libraries = []library{
	{"crossgate", wrapCrossgate},
	{"rs/cors", wrapRS},
	{"go-chi/cors", wrapChi},
	{"gorilla/handlers", wrapGorilla},
}

const maxAge = 7200 * time.Second

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

func namesOfLibraries() []string {
	names := make([]string, len(libraries))
	for i, l := range libraries {
		names[i] = l.name
	}
	return names
}

// buildLibraries puts each library before a handler that does nothing.
func buildLibraries(domains []string) ([]http.Handler, error) {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	built := make([]http.Handler, len(libraries))
	for i, l := range libraries {
		handler, err := l.wrap(domains, nothing)
		if err != nil {
			return nil, err
		}
		built[i] = handler
	}
	return built, nil
}

func wrapCrossgate(domains []string, next http.Handler) (http.Handler, error) {
	gate, err := crossgate.New(crossgate.Config{
		TrustedDomains: domains,
		Methods:        methods,
		RequestHeaders: askedHeaders,
		MaxAge:         maxAge,
	})
	if err != nil {
		return nil, err
	}
	return gate.Wrap(next), nil
}

func wrapRS(domains []string, next http.Handler) (http.Handler, error) {
	return cors.New(cors.Options{
		AllowedOrigins: origins(domains),
		AllowedMethods: methods,
		AllowedHeaders: askedHeaders,
		ExposedHeaders: []string{"*"},
		MaxAge:         int(maxAge.Seconds()),
	}).Handler(next), nil
}

func wrapChi(domains []string, next http.Handler) (http.Handler, error) {
	return chi.Handler(chi.Options{
		AllowedOrigins: origins(domains),
		AllowedMethods: methods,
		AllowedHeaders: askedHeaders,
		ExposedHeaders: []string{"*"},
		MaxAge:         int(maxAge.Seconds()),
	})(next), nil
}

func wrapGorilla(domains []string, next http.Handler) (http.Handler, error) {
	return handlers.CORS(
		handlers.AllowedOrigins(origins(domains)),
		handlers.AllowedMethods(methods),
		handlers.AllowedHeaders(askedHeaders),
		handlers.ExposedHeaders([]string{"*"}),
		handlers.MaxAge(int(maxAge.Seconds())),
	)(next), nil
}

// origins are what the peers are given instead of domains.
func origins(domains []string) []string {
	list := make([]string, len(domains))
	for i, d := range domains {
		list[i] = "https://" + d
	}
	return list
}
