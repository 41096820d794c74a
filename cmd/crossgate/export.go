package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/manifest"
)

func exportCommand() command {
	return command{
		name: "export", settings: config.ForData | config.ForPlace,
		summary: "Print all sites with their policies, Trusted Domains and members, as apply takes them",
		about: `
For keeping them in git. There is no secret in it: no token, no key, no credential and
no password. With --site it prints that site alone.`,
		example: `
crossgate export -f sites.yaml
crossgate export --site billing`,
		verb: func() verb { return new(export) },
	}
}

// export is crossgate export.
type export struct{ file string }

func (v *export) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.file, "f", "", "`FILE` to write in place of printing")
}

func (v *export) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		write := func(to io.Writer) error {
			return service.Declare(ctx, c.settings.Site, manifest.NewWriter(to).Write)
		}
		if v.file == "" {
			return write(c.stdout)
		}
		return replaceFile(v.file, write)
	})
}

// replaceFile puts a file in place of another one once it has been written whole.
func replaceFile(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return cannot("write "+name, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // it is not there, or stays as it is
		}
	}()
	if err := errors.Join(write(f), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return cannot("write "+name, err)
	}
	return nil
}
