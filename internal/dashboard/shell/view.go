package shell

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
)

// A View is the parsed templates of one page. They define "content", which the
// frame shows, and may define fragments, which scripts ask for by themselves.
type View struct{ templates *template.Template }

// View parses a page's templates into a copy of the frame's, whose parts they
// may use.
func (s *Shell) View(files fs.FS, names ...string) (*View, error) {
	t, err := s.frame.Clone()
	if err != nil {
		return nil, fmt.Errorf("shell: %w", err)
	}
	if t, err = t.ParseFS(files, names...); err != nil {
		return nil, fmt.Errorf("shell: %w", err)
	}
	return &View{t}, nil
}

// Render answers with a whole page. Nothing is written before the page is
// complete, so an error can still become a page of its own.
func (s *Shell) Render(w http.ResponseWriter, status int, v *View, p Page) error {
	return v.write(w, p.Visitor, status, "frame", s.framed(p))
}

// Fragment answers with one named template: a piece of a page for the script to
// put in place.
func (v *View) Fragment(w http.ResponseWriter, who Visitor, name string, data any) error {
	return v.write(w, &who, http.StatusOK, name, data)
}

// Text returns one named template as text: a piece of a page that is sent in another way.
func (v *View) Text(who Visitor, name string, data any) ([]byte, error) {
	var piece bytes.Buffer
	if err := v.templates.ExecuteTemplate(&piece, name, data); err != nil {
		return nil, fmt.Errorf("show piece: %w", err)
	}
	return who.located(piece.Bytes()), nil
}

func (v *View) write(w http.ResponseWriter, who *Visitor, status int, name string, data any) error {
	var page bytes.Buffer
	if err := v.templates.ExecuteTemplate(&page, name, data); err != nil {
		return fmt.Errorf("show page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// The only error left is that the browser has gone.
	_, _ = w.Write(who.located(page.Bytes()))
	return nil
}
