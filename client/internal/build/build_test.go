package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDistIsBuilt: what is committed is what the sources build to.
func TestDistIsBuilt(t *testing.T) {
	for _, s := range scripts {
		t.Run(s.built, func(t *testing.T) {
			want, err := bundle("../..", s)
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(filepath.Join("../../dist", s.built))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Error("the sources build to something else: run go generate ./client, and commit dist")
			}
		})
	}
}
