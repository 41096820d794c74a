// Command build bundles the browser client: it writes client/dist from client/src.
// Run it by go generate ./client, and commit what it writes: the Go package client
// embeds it, so that Crossgate is built by Go alone.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	client := flag.String("client", "../..", "the directory of the client, with src and dist")
	flag.Parse()
	if err := write(*client); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func write(client string) error {
	for _, s := range scripts {
		text, err := bundle(client, s)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(client, "dist", s.built), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
