// Package api is the management API below /api/v1/: everything that the dashboard
// can do, for programs.
//
// Promises:
//
//   - A request counts by its management key alone: there are no cookies here, and a
//     page of another origin can neither call this nor read an answer.
//   - Every route says at its registration which role it needs.
//   - What is asked for is understood whole or refused, with the field that is to blame.
//   - The document at /api/v1/openapi.yaml describes every route and answer.
package api
