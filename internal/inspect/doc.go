// Package inspect remembers what just happened: the last exchanges of the gateway, how
// many were let in and refused, what caused preflights, and which origins called.
//
// It keeps no query, no body, no cookie and no value of a request's field but Origin's.
// Of the names and paths that it keeps, whatever looks like a token is cut out. All of
// it is bounded, whatever is sent: see [MaxBytes]. What is to outlive the process is
// handed out as a [Rollup], which only holds sums to be added to others.
package inspect
