// Package people is Dashboard › Settings › People: who may use the dashboard, in
// which role, and who is invited; and everybody's own account, with its password
// and its sessions.
//
// The link of an invitation is shown once, in the answer to the form that made it.
// What was done is told from the audit log, so that no address can make anybody
// read anything else.
package people
