package config

import (
	"fmt"
	"strings"
)

const referenceHead = `# Settings

Each setting can be given as a flag, as an environment variable, or in a TOML file. A flag wins over
the environment, the environment over the file, the file over the default. All mistakes are reported
at once, and a key of the file that is no setting is a mistake.

| flag | environment | key in the file | default | meaning |
|---|---|---|---|---|
`

const referenceTail = `
Settings that may be repeated are separated by commas or spaces in their environment variable, and are
an array in the file:

` + "```toml" + `
upstream = "http://127.0.0.1:3000"
public_url = ["https://api.example.com"]
trusted_proxies = ["10.0.0.0/8"]
` + "```" + `

The upstream credential and the keys that sign tickets are sealed with a key that is not in the database, so
that a copy of the database alone is of no use. ` + "`CROSSGATE_SECRET_KEY`" + ` is that key itself, 32 bytes in base64,
in place of a file; it can be given in the environment only. All servers of one database need the same, and
so does a backup that is put in place.

A dashboard that listens anywhere but on loopback needs an ` + "`https`" + ` ` + "`--dashboard-url`" + `, or
` + "`--tls-cert` and `--tls-key`" + `: passwords never cross a network in the clear. Behind ` + "`--tls-cert`" + ` the
dashboard speaks TLS, too, except on loopback.
`

// Reference returns docs/reference/config.md, written from the table.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	for _, s := range Settings() {
		fmt.Fprintf(&b, "| `--%s %s`%s | `%s` | %s | %s | %s |\n",
			s.Flag, s.Kind, repeatable(s), s.Env, code(s.Key), code(s.Default), s.Meaning)
	}
	b.WriteString(referenceTail)
	return b.String()
}

func repeatable(s Setting) string {
	if s.Many {
		return " (repeatable)"
	}
	return ""
}

func code(s string) string {
	if s == "" {
		return "none"
	}
	return "`" + s + "`"
}
