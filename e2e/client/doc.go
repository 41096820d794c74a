// Package client proves the browser client's own promises in a real browser, before a
// server that records: whatever fetch would send arrives as the same request, in one
// simple request, and what fetch refuses is refused alike.
package client
