// Package doctor finds out why a page cannot read what a server answers, and who else
// could.
//
// It behaves towards any server as a browser does: the preflight where one is due, the
// request itself, redirects as in the Fetch standard; byte for byte what Chromium sends,
// so that a server cannot tell the two apart. Then it probes what a person would not
// think of: other origins, an error page, a cache's view. What it has seen it hands to
// package explain, which judges; nothing is judged here.
//
// Promises:
//
//   - Only GET, HEAD and OPTIONS are sent, unless the caller allows more.
//   - A probe never follows a redirect, and never sends a body.
//   - Nothing that comes out holds a token, a cookie, a body, or a value of a query.
//   - It ends: after [MaxRequests] requests, or [MaxTotal].
package doctor
