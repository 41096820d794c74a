package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	keyFileMode  fs.FileMode = 0o600
	maxKeyFile               = 1 << 10 // bytes
	howToMakeKey             = "make one with: head -c 32 /dev/urandom | base64"
)

// FromText makes a box with a key as text: its 32 bytes in base64. An error never
// repeats the text.
func FromText(text string) (*Box, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	key, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		key, err = base64.RawURLEncoding.DecodeString(text)
	}
	if err != nil || len(key) != KeyBytes {
		return nil, fmt.Errorf("the secret key is not %d bytes in base64; %s", KeyBytes, howToMakeKey)
	}
	return New(key)
}

// FromFile makes a box with the key in a file, which only its owner may read. A file
// that does not exist is made, with a new key.
func FromFile(path string) (*Box, error) {
	text, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return nil, err
		}
		text, err = readKey(path)
	}
	if err != nil {
		return nil, err
	}
	box, err := FromText(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return box, nil
}

func readKey(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("reading the secret key: %w", err)
	case !info.Mode().IsRegular() || info.Size() > maxKeyFile:
		return "", fmt.Errorf("%s is no file with a secret key; give another one with --secret-key-file", path)
	case info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("%s can be read by others; run: chmod 600 %s", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading the secret key: %w", err)
	}
	return string(text), nil
}

// makeKey writes a new key. It is whole before it has its name: of two processes that
// make one at once, both use the first.
func makeKey(path string) error {
	key := make([]byte, KeyBytes)
	rand.Read(key)
	f, err := os.CreateTemp(filepath.Dir(path), ".crossgate-key-*") // 0600
	if err != nil {
		return fmt.Errorf("making the secret key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Chmod(keyFileMode), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("making the secret key: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making the secret key: %w", err)
	}
	return nil
}
