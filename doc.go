// Package crossgate lets the web pages that an API's owner trusts call that API
// from the browser, and nobody else's, without the preflight. It is a middleware
// for net/http:
//
//	gate, err := crossgate.New(crossgate.Config{
//		TrustedDomains: []string{"app.example.com", "*.example.org"},
//	})
//	if err != nil {
//		log.Fatal(err) // every mistake in the configuration, at once
//	}
//	http.ListenAndServe(":8080", gate.Wrap(mux))
//
// What it does with a request depends on its Origin (RFC 6454, section 7):
//
//   - Without one it is no cross-origin request, and passes.
//   - From a Trusted Domain it passes, and its answer carries the CORS headers that
//     let the page read it. Preflights (Fetch standard, section 3.2.2) are answered
//     here.
//   - From anywhere else it is answered 403 and never reaches the handler, be it a
//     preflight, a GET or a POST. A removal therefore takes effect even against
//     preflights that browsers have already cached.
//
// Pages avoid the preflight by carrying their access token in the query, as
// access_token without "Bearer", and by posting JSON labelled as text/plain, which
// is what fetch does with a string. The handler sees the ordinary request that
// stands for: Authorization and Content-Type: application/json.
//
// Any other method, header and body come in an envelope: a POST with a form or a
// multipart body whose fields are $httpMethod, access_token, $httpHeaders, $ct (of a
// form) and $body, in that order. The handler sees the request that is in it; a body
// whose first field is not $httpMethod is an ordinary form and left alone. The browser
// client writes envelopes where fetch would need a preflight: see Config.ServeClient.
// Where all that a page can give is an address, as for EventSource, WebSocket and
// images, a ticket stands in it for the access token: see Config.TicketKeys.
//
// A request that was unwrapped in one of these ways is never given the visitor's
// cookies, and unwrapped only where the policy grants the preflight that it avoids.
//
// The list may be changed at any time, from any goroutine, without stopping
// requests: [Gate.Trust], [Gate.Untrust] and [Gate.Replace].
//
// The zero values of [Config] are safe. Options that give something away have long
// names.
package crossgate
