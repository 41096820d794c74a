// Package reference shows the management API's OpenAPI document to people: its
// endpoints by resource, each with the role that it needs, its parameters, an
// example request and an example answer. The document itself is the only source.
package reference
