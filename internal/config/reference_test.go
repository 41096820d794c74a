package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/config"
)

var update = flag.Bool("update", false, "write docs/reference/config.md anew")

// docs/reference/config.md is what the table says.
func TestReference(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "reference", "config.md")
	want := config.Reference()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("run go test ./internal/config -update:\n%s", diff)
	}
}

// Every row of the table can be found under each of its names, once.
func TestTableIsWellFormed(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range config.Settings() {
		if s.Meaning == "" || s.Kind == "" || s.Scope == 0 {
			t.Errorf("--%s is incomplete", s.Flag)
		}
		for _, name := range []string{"--" + s.Flag, s.Env, "key " + s.Key} {
			if seen[name] && name != "key " {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
		}
	}
}
