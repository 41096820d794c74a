// Package gate holds the rules: facts about a request in, verdicts and edits out.
//
// [Judge] decides on the origin alone, [Plan] on everything else and says what to
// change on the way to the upstream, [Settle] says what to change on the way back.
// None of them knows a socket or an *http.Request, so one copy of the rules serves
// the middleware, the gateway, the command line and the dashboard, and any engine
// that is put under them.
//
// The functions are pure, take no locks, and do not allocate for requests that are
// carried as they came.
package gate
