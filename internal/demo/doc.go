// Package demo is what crossgate demo puts before and behind a gateway: a small
// sample API, and a sample page of another origin that calls it, by hand and through
// the gateway's client, over a network as far as one likes, and shows what went over
// the wire and how long it took.
//
// Nothing here knows of CORS. The API answers as if all its callers were servers,
// and the page calls it as any page would: what is between them is Crossgate.
package demo
