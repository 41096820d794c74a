// Package sites is the pages about sites: the list of them, one more, and what each is:
// where browsers find it, what is behind it, and who has a role there.
//
// While there is one site nothing leads here but the page of the fleet. What a site is
// reached by and what is behind it is for owners of the whole fleet to say; who its
// people are, for its own owners as well.
package sites
