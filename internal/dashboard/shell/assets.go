package shell

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed static style/*.css
var static embed.FS

// staticPath is where the static files are, by names that change with their content.
const staticPath = "/static/"

// immutable lets browsers keep a file for a year: its name changes with its content.
const immutable = "public, max-age=31536000, immutable"

// hashLength is how much of a file's hash is in its name, in hexadecimal digits.
const hashLength = 16

// A Style is a page's own part of the one style sheet.
type Style struct {
	Files fs.FS
	Name  string
}

// A Script is a page's own script, which no other page loads. A page names it in
// [Page.Script].
type Script struct {
	Files fs.FS
	Name  string
}

// assets are the static files under their hashed names.
type assets struct {
	Style, Script, Mark string            // paths
	scripts             map[string]string // paths of the pages' own scripts, by name
	files               map[string][]byte
}

// newAssets names the files. The one style sheet is the shell's parts, in the
// order of their names, and then those of the pages.
func newAssets(pages []Style, scripts []Script) (*assets, error) {
	names, err := fs.Glob(static, "style/*.css")
	if err != nil {
		return nil, err
	}
	var sheet bytes.Buffer
	styles := make([]Style, 0, len(names)+len(pages))
	for _, name := range names {
		styles = append(styles, Style{static, name})
	}
	for _, style := range append(styles, pages...) {
		part, err := fs.ReadFile(style.Files, style.Name)
		if err != nil {
			return nil, err
		}
		sheet.Write(part)
	}
	a := &assets{scripts: make(map[string]string), files: make(map[string][]byte)}
	a.Style = a.add("dashboard.css", sheet.Bytes())
	for _, script := range scripts {
		content, err := fs.ReadFile(script.Files, script.Name)
		if err != nil {
			return nil, err
		}
		a.scripts[script.Name] = a.add(script.Name, content)
	}
	if a.Script, err = a.addFile("static/dashboard.js"); err != nil {
		return nil, err
	}
	a.Mark, err = a.addFile("static/mark.svg")
	return a, err
}

func (a *assets) addFile(name string) (string, error) {
	content, err := static.ReadFile(name)
	if err != nil {
		return "", err
	}
	return a.add(path.Base(name), content), nil
}

// add keeps a file under "name.hash.ext" and returns its path.
func (a *assets) add(name string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:hashLength] + ext
	a.files[hashed] = content
	return staticPath + hashed
}

func (a *assets) serve(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	content, found := a.files[name]
	if !found {
		return NotFound
	}
	w.Header().Set("Cache-Control", immutable)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return nil
}
