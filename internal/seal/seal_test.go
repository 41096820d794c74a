package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/crossgate/crossgate/internal/seal"
)

const secret = "Bearer a canary in the coal mine"

// box has a key of one byte, many times.
func box(t *testing.T, of byte) *seal.Box {
	t.Helper()
	b, err := seal.New(bytes.Repeat([]byte{of}, seal.KeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sealed(t *testing.T, b *seal.Box, name string) []byte {
	t.Helper()
	text, err := b.Seal(name, []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSealedOpens(t *testing.T) {
	b := box(t, 1)
	one, two := sealed(t, b, "name"), sealed(t, b, "name")
	if bytes.Equal(one, two) {
		t.Error("the same secret is sealed the same way twice")
	}
	if bytes.Contains(one, []byte("canary")) {
		t.Error("the secret can be read")
	}
	got, err := b.Open("name", one)
	if err != nil || string(got) != secret {
		t.Errorf("opened as %q, error %v", got, err)
	}
}

// Whatever is changed of a sealed secret, it does not open.
func TestChangedDoesNotOpen(t *testing.T) {
	b := box(t, 1)
	whole := sealed(t, b, "name")
	for i := range whole {
		for bit := range 8 {
			changed := bytes.Clone(whole)
			changed[i] ^= 1 << bit
			if _, err := b.Open("name", changed); err == nil {
				t.Fatalf("it opens with bit %d of byte %d changed", bit, i)
			}
		}
		if _, err := b.Open("name", whole[:i]); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("cut to %d bytes: error %v", i, err)
		}
	}
	if _, err := b.Open("another name", whole); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("under another name: error %v", err)
	}
}

func TestWrongKeyIsNamed(t *testing.T) {
	one, two := box(t, 1), box(t, 2)
	_, err := two.Open("name", sealed(t, one, "name"))
	wrong, ok := errors.AsType[*seal.WrongKeyError](err)
	if !ok || wrong.Sealed != one.KeyID() || wrong.Given != two.KeyID() || one.KeyID() == two.KeyID() {
		t.Errorf("error %v, want one that names both keys", err)
	}
}

func TestBoxHidesItsKey(t *testing.T) {
	b := box(t, 'k')
	if text := fmt.Sprintf("%v %s %+v", b, b, b); strings.Contains(text, "kkkk") || strings.Contains(text, "107 107") {
		t.Errorf("the key is shown: %s", text)
	}
}

func TestFromText(t *testing.T) {
	key := bytes.Repeat([]byte{0xfb, 0xef}, seal.KeyBytes/2) // + and / in base64
	tests := []struct {
		name, text string
		good       bool
	}{
		{"base64", base64.StdEncoding.EncodeToString(key), true},
		{"without padding, with a line end", base64.RawStdEncoding.EncodeToString(key) + "\n", true},
		{"for URLs", base64.URLEncoding.EncodeToString(key), true},
		{"nothing", "", false},
		{"too short", base64.StdEncoding.EncodeToString(key[1:]), false},
		{"too long", base64.StdEncoding.EncodeToString(append(key, 0)), false},
		{"no base64", "a password of thirty-two letters", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := seal.FromText(test.text)
			if (err == nil) != test.good {
				t.Fatalf("error %v", err)
			}
			if err != nil && test.text != "" && strings.Contains(err.Error(), test.text) {
				t.Errorf("the error repeats the key: %v", err)
			}
		})
	}
}

func TestFromFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	first, err := seal.FromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has the permissions %v, error %v", info.Mode(), err)
	}
	again, err := seal.FromFile(path)
	if err != nil || again.KeyID() != first.KeyID() {
		t.Errorf("another key the second time, error %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.FromFile(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others can read: error %v", err)
	}
}

func TestFromFileRefuses(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, path := range map[string]string{
		"an empty file":    write("empty", ""),
		"another file":     write("notes", "these are notes"),
		"a long file":      write("long", strings.Repeat("A", 5000)),
		"a folder":         folder,
		"a missing folder": filepath.Join(folder, "missing", "key"),
	} {
		if _, err := seal.FromFile(path); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one line", name, err)
		}
	}
}

// Processes that start at once agree on one key.
func TestFromFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	var ids [8]string
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			b, err := seal.FromFile(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = b.KeyID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("different keys: %v", ids)
		}
	}
}
