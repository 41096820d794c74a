// Package policy is Dashboard › Settings › Security › Site policy: what the site
// grants to pages of Trusted Domains, and asks of every request.
//
// The whole policy is one form. What grants more than before is saved only with a
// tick beside it; what somebody else changed meanwhile is not overwritten unseen;
// a credential that was given is never shown again. The keys of tickets, which are
// the site's, too, have a form of their own below it.
package policy
