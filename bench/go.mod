// Benchmarks against peers, which stay out of the product's dependencies.
module github.com/crossgate/crossgate/bench

go 1.26.0

replace github.com/crossgate/crossgate => ../

require (
	github.com/crossgate/crossgate v0.0.0-00010101000000-000000000000
	github.com/go-chi/cors v1.2.2
	github.com/gorilla/handlers v1.5.2
	github.com/rs/cors v1.11.1
	golang.org/x/sys v0.49.0
)

require (
	github.com/felixge/httpsnoop v1.0.3 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
