package shell

import (
	"errors"
	"io/fs"
)

// Files are several file systems as one: of files with the same name the first one
// counts. With them a page shows parts of another one.
type Files []fs.FS

// Open opens a file of the first file system that has it.
func (f Files) Open(name string) (fs.File, error) {
	for _, one := range f {
		file, err := one.Open(name)
		if !errors.Is(err, fs.ErrNotExist) {
			return file, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
