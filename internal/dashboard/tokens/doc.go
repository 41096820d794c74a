// Package tokens is Dashboard › Settings › Access tokens: the list, the form that
// creates one, and the page of one with the button that revokes it.
//
// A token's secret is on one page only, the answer to the form that made it. It
// is in no address, cookie or log, and sending the form again makes no second
// token.
package tokens
