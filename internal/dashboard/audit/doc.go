// Package audit is Dashboard › Settings › Audit: every change that was made, by
// whom, when, from where, why, and what it changed.
//
// The log is read and never written here. What it shows was typed by people and
// programs of all kinds, so nothing of it is taken for markup, and a spreadsheet
// takes nothing of an export for a formula.
package audit
