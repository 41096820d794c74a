// Package inspector is Dashboard › Inspector: the requests that have just come, why
// each was allowed or refused, why a browser asked beforehand, and how to avoid that.
//
// It reads what the gateway has kept in memory and changes nothing. What it shows of
// a request was chosen by whoever sent it, so nothing of it is taken for markup; no
// value of a token, a cookie, a query or a body is among it.
//
// The list is live where there is a script: rows come as server-sent events, for as
// long as the session lasts. Without one, a link loads it again.
package inspector
