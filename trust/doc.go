// Package trust says which web pages are trusted: it parses origins as browsers
// send them, domains as people type them, and matches the one against the other.
//
// Three types carry the package. An [Origin] is a page's scheme, host and port
// (RFC 6454, section 4). A [Domain] is one Trusted Domain, normalised from what
// a person typed. A [Set] is an immutable list of domains that answers, in time
// that does not depend on the length of the list and without allocating, which
// of its entries trusts an origin.
//
// Promises:
//
//   - Matching is by value. There are no regular expressions, no substring
//     tests, and nothing is lower-cased or repaired at matching time: an origin
//     that a browser would not have written that way is not an origin.
//   - The opaque origin "null" is never trusted and cannot be entered.
//   - Nothing here reads a clock, a file or the network. Values in, values out.
package trust
