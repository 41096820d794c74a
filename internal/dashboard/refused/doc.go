// Package refused is Dashboard › Refused origins: an inbox of the origins whose pages
// were not let in, for a person to trust, to trust for a day, or to ignore.
//
// What an origin is called was chosen by whoever sent it, so a name that looks like a
// trusted one is pointed out. Trusting goes the one way that there is, through
// Settings › Security, with its preview and its confirmations.
package refused
