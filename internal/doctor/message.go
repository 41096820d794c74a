package doctor

import (
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/explain"
)

// A message is one request as it goes over the wire, but for what the connection adds.
type message struct {
	method string
	url    *url.URL
	fields [][2]string // in order; without Host, Connection and Content-Length
	body   []byte      // nil: none
}

// An answer is what came back, and how long it took.
type answer struct {
	explain.Response
	wait    time.Duration // from the request's first byte to the end of the answer's head
	connect time.Duration // look-up, TCP and TLS
}

// fieldsOf are the fields of an answer by one name, in order.
func fieldsOf(fields [][2]string, name string) []string {
	var values []string
	for _, f := range fields {
		if equalFold(f[0], name) {
			values = append(values, f[1])
		}
	}
	return values
}
