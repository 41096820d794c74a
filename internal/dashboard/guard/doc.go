// Package guard keeps other pages, and other names for this server, away from
// the dashboard: which Host it answers to, which requests may change something,
// what every answer forbids the browser, and the session cookie.
//
// The checks are functions of a request. They promise to refuse whatever is not
// known to be right, so a request without proof of where it came from changes
// nothing.
package guard
