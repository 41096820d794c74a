// Package shell is what every page of the dashboard lives in: the frame with its
// navigation and messages, the routes with their protection, the style sheet and
// script, and the pages that say what went wrong.
//
// A page is a folder beside this one: its handlers, a struct of what is shown,
// and the template that shows it. It registers its routes on a [Mux] as public,
// or as signed in; a handler for people who are signed in takes the [Visitor]
// and so cannot be registered as public by mistake.
package shell
