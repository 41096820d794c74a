package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// A script is one file that browsers load.
type script struct {
	source string     // below src
	built  string     // below dist
	format api.Format // a module, or for importScripts a classic script
}

var scripts = []script{
	{"client.ts", "client.js", api.FormatESModule},
	{"worker.ts", "worker.js", api.FormatIIFE},
}

// bundle builds a script from the sources of the client in a directory. The error says
// where the sources are wrong.
func bundle(client string, s script) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{filepath.Join(client, "src", s.source)},
		Bundle:            true,
		Format:            s.format,
		Target:            api.ES2022,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		Charset:           api.CharsetASCII, // whatever charset a page has
		LegalComments:     api.LegalCommentsNone,
		TsconfigRaw:       "{}",
	})
	var mistakes []error
	for _, m := range append(result.Errors, result.Warnings...) {
		where := ""
		if m.Location != nil {
			where = fmt.Sprintf("%s:%d: ", m.Location.File, m.Location.Line)
		}
		mistakes = append(mistakes, errors.New(where+m.Text))
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return result.OutputFiles[0].Contents, nil
}
