package sites

import (
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A form is where a site is found and what is behind it, as it was typed.
type form struct {
	Name      string
	Addresses string // one on each line
	Upstreams string
	Health    string
	Version   int64
	Error     string
	Errors    map[string]string // by field
}

func typed(values url.Values) form {
	return form{
		Name: values.Get("name"), Addresses: values.Get("addresses"), Upstreams: values.Get("upstreams"), Health: values.Get("health-path"),
	}
}

func formOf(site control.Site) form {
	return form{
		Name: site.Name, Addresses: strings.Join(site.Addresses, "\n"), Upstreams: strings.Join(site.Upstreams, "\n"),
		Health: site.HealthPath, Version: site.Version,
	}
}

// separated returns the texts that stand on lines of their own, or with commas or spaces
// between.
func separated(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == '\n' || c == '\r' || c == '\t' || c == ' ' })
}

// complete says what the form lacks, for a site without it would serve nobody.
func (f *form) complete() error {
	switch {
	case len(separated(f.Addresses)) == 0:
		return &control.Error{Code: control.CodeInvalid, Field: "addresses", Message: "say where browsers find the site, for example https://billing.example.com"}
	case len(separated(f.Upstreams)) == 0:
		return &control.Error{Code: control.CodeInvalid, Field: "upstreams", Message: "say which API is behind the site, for example http://127.0.0.1:9000"}
	}
	return nil
}

// explain puts a refusal where it belongs in the form.
func (f *form) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	switch refused.Field {
	case "name", "addresses", "upstreams", "health-path":
		f.Errors = map[string]string{refused.Field: text}
	default:
		f.Error = text
	}
}
