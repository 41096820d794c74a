// Package config reads Crossgate's settings: from flags, from the environment
// and from a TOML file, in that order of strength.
//
// Every setting is one row of one table, [Settings], which also registers the
// flags and writes docs/reference/config.md. Values are parsed here, at the edge,
// into types; what is wrong is reported all at once, each mistake with the
// setting, where its value came from, and what to do.
package config
