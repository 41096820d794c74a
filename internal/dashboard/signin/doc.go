// Package signin is how people come in and leave: the first-run set-up, the
// invitation, signing in and signing out.
package signin
