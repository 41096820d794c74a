package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The help of every command is a golden file, testdata/help/*.txt, so that a change
// of it is seen.
func TestHelp(t *testing.T) {
	names := []string{"", "domain", "key", "site", "site member", "ticket", "token", "user"}
	for _, c := range commands() {
		names = append(names, c.name)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			words := append([]string{"help"}, strings.Fields(name)...)
			got := printed(t, words...)
			golden(t, filepath.Join("help", strings.Join(words, "_")+".txt"), got)
			if name != "" {
				if asFlag := printed(t, append(words[1:], "--help")...); asFlag != got {
					t.Errorf("--help says something else:\n%s", cmp.Diff(got, asFlag))
				}
			}
		})
	}
}

// printed runs the program, which must exit with 0 and say nothing on standard error.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := func(string) string { return "" }
	if code := run(context.Background(), args, env, strings.NewReader(""), &stdout, &stderr); code != exitDone || stderr.Len() > 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, stderr.String())
	}
	return stdout.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("run go test ./cmd/crossgate -update, and look at the difference:\n%s", diff)
	}
}

// Every command can be found, has a summary without a full stop, and an example of itself.
func TestCommandsAreWellFormed(t *testing.T) {
	for _, c := range commands() {
		if strings.HasSuffix(c.summary, ".") || c.summary == "" {
			t.Errorf("%s: summary %q", c.name, c.summary)
		}
		if !strings.Contains(c.example, "crossgate "+c.name) {
			t.Errorf("%s: its example is of something else", c.name)
		}
		if c.max >= 0 && c.max < c.min {
			t.Errorf("%s: takes %d to %d arguments", c.name, c.min, c.max)
		}
	}
}
