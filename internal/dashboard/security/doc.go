// Package security is Dashboard › Settings › Security: the Trusted Domains list,
// the form that adds to it, and the tester.
//
// Whatever changes the list answers with a redirect to the list, which then says
// what happened and offers to take it back. What was refused changed nothing and
// is shown again at once, with everything that was typed.
package security
