// Package preflight holds the Fetch standard's rules on CORS preflights: would a
// browser send one for a request, with what, and why?
//
// [UnsafeNames] and [IsForbiddenHeader] are the standard's own algorithms on a list of
// headers. They work on bytes, as on the wire.
//
// Promises:
//
//   - The rules are those of the Fetch standard and, for content types, of the MIME
//     Sniffing standard; each cites its clause.
//   - Nothing here reads a clock, a file or the network. Values in, values out.
package preflight
