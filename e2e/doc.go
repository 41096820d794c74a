// Package e2e proves what only a browser can prove: that real pages of other origins
// call real APIs through the real binary, with the requests that they should and with
// no other. It is a module of its own, so that what it needs for that stays out of
// the product's dependencies. Run it with make e2e.
package e2e
