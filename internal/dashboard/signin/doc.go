// Package signin is how people come in and leave: the first-run set-up, signing
// in and signing out.
package signin
