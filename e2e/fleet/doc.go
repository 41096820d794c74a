// Package fleet proves what several nodes on one database promise together: real
// processes under load, with changes made at all of them at once and with faults. What
// was seen is judged by e2e/internal/history, and deliberately broken builds of the
// program show that it would be noticed: see testdata/sabotage.
//
// PROVE=long has every test go on for longer. The package has only tests.
package fleet
