package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/seal"
)

// keySuffix is what is added to the database's name for the file of the secret key.
const keySuffix = ".key"

// newSealer returns what seals secrets for the database: with the key that was given,
// or with the one in the file beside the database, which is made with the first secret.
// Beside a server there is no file, and none is made: all nodes need the same key, so one
// has to be given.
func newSealer(settings *config.Config) (control.Sealer, error) {
	switch {
	case settings.SecretKey != "" && settings.SecretKeyFile != "":
		return nil, &failure{
			exit: exitUsage, text: "the secret key is given twice, in CROSSGATE_SECRET_KEY and as a file",
			advice: "leave one of them out",
		}
	case settings.SecretKey != "":
		return given("CROSSGATE_SECRET_KEY", func() (*seal.Box, error) { return seal.FromText(settings.SecretKey) })
	case settings.SecretKeyFile != "":
		return given("--secret-key-file", func() (*seal.Box, error) { return seal.FromFile(settings.SecretKeyFile) })
	}
	if strings.Contains(settings.Database, "://") {
		return nil, nil
	}
	return keyFile(settings.Database + keySuffix), nil
}

// given makes a box of a key that was given, and says where it was wrong.
func given(from string, open func() (*seal.Box, error)) (control.Sealer, error) {
	box, err := open()
	if err != nil {
		return nil, &failure{exit: exitFailed, text: from, cause: err}
	}
	return box, nil
}

// keyFile is the file of a secret key. It is read when it is needed, and made when
// something is sealed for the first time.
type keyFile string

// Seal seals with the key in the file.
func (f keyFile) Seal(name string, secret []byte) ([]byte, error) {
	box, err := seal.FromFile(string(f))
	if err != nil {
		return nil, err
	}
	return box.Seal(name, secret)
}

// Open opens with the key in the file, which must be there.
func (f keyFile) Open(name string, sealed []byte) ([]byte, error) {
	if _, err := os.Stat(string(f)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the secret key is missing: %s was there when the secret was sealed; put it back, or give the secret again", f)
	}
	box, err := seal.FromFile(string(f))
	if err != nil {
		return nil, err
	}
	return box.Open(name, sealed)
}
