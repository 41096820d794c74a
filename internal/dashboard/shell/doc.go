// Package shell is what every page of the dashboard lives in: the frame with its
// navigation and messages, the routes with their protection, the style sheet and
// script, and the pages that say what went wrong.
//
// A page is a folder beside this one: its handlers, a struct of what is shown,
// and the template that shows it. It registers its routes on a [Mux], each with
// the least role that it is for, and the page itself with its [Place] in the
// navigation. A handler for people who are signed in takes the [Visitor] and so
// cannot be registered as public by mistake. Controls that a visitor's role does
// not allow are shown disabled, below the sentence of [Visitor.Lacks].
package shell
