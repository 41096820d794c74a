// Package preflight holds the Fetch standard's rules on CORS preflights: would a
// browser send one for a request, with what, and why?
//
// [Predict] answers for a whole [Request], as a script on a page of another origin makes
// it with fetch or XMLHttpRequest: whether a preflight goes out, what it asks for, the
// [Cause] of it, and what would be thrown before anything is sent. [PredictIn] answers
// for one [Engine], whose differences from the standard are a typed list: see [Quirks].
// [UnsafeNames] and [IsForbiddenHeader] are the standard's own algorithms on headers.
//
// Promises:
//
//   - The rules are those of the Fetch, XMLHttpRequest, MIME Sniffing and File API
//     standards; each cites its clause.
//   - Codes and names are stable: a code is never given another meaning.
//   - Nothing that it says holds a value of a header, but those of Content-Type and Range.
//   - Nothing here reads a clock, a file or the network. Values in, values out.
package preflight
