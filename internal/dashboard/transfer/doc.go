// Package transfer is Dashboard › Settings › Import and export: lists of Trusted
// Domains that come from elsewhere, and that go there.
//
// A list is read and kept as a draft; nothing of it is trusted before a person has
// seen what each entry would become. It is then saved as a whole or not at all, and
// undone as one change.
package transfer
