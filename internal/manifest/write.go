package manifest

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
)

const head = `# Sites of Crossgate, as crossgate export writes them and crossgate apply -f takes them.
# There is no secret in here, and none is touched by applying it: access tokens, management
# keys, upstream credentials, passwords and the keys of tickets stay what they are.
version: 1
sites:
`

// A Writer writes a file, site by site.
type Writer struct {
	to    *bufio.Writer
	begun bool
}

// NewWriter returns a Writer that writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{to: bufio.NewWriter(w)} }

// Write writes one site.
func (w *Writer) Write(d control.DeclaredSite) error {
	if !w.begun {
		w.begun = true
		w.line("%s", strings.TrimSuffix(head, "\n"))
	}
	w.line("  - name: %s", scalar(d.Name))
	w.described(d)
	if d.Policy != nil {
		w.policy(d.Policy)
	}
	if d.Domains != nil {
		w.domains(*d.Domains)
	}
	if d.Members != nil {
		w.members(*d.Members)
	}
	return w.to.Flush()
}

// line writes a line. An error is kept by the buffer, and told by Flush.
func (w *Writer) line(format string, args ...any) { fmt.Fprintf(w.to, format+"\n", args...) }

func (w *Writer) described(d control.DeclaredSite) {
	if d.Addresses != nil {
		w.texts("    ", "addresses", *d.Addresses)
	}
	if d.Upstreams != nil {
		w.texts("    ", "upstreams", *d.Upstreams)
	}
	if d.HealthPath != nil {
		w.line("    health_path: %s", scalar(*d.HealthPath))
	}
	if d.Enabled != nil {
		w.line("    enabled: %t", *d.Enabled)
	}
}

// texts writes a list with a line for each.
func (w *Writer) texts(indent, name string, list []string) {
	if len(list) == 0 {
		w.line("%s%s: []", indent, name)
		return
	}
	w.line("%s%s:", indent, name)
	for _, text := range list {
		w.line("%s  - %s", indent, scalar(text))
	}
}

func (w *Writer) policy(p *control.Policy) {
	w.line("    policy:")
	w.line("      mode: %s", scalar(string(p.Mode)))
	w.line("      credentials: %t", p.Credentials)
	w.line("      methods: %s", flow(p.Methods))
	w.line("      any_header: %t", p.AnyHeader)
	w.line("      headers: %s", flow(p.Headers))
	w.line("      max_age: %d", int64(p.MaxAge/time.Second))
	if p.Expose == nil {
		w.line("      expose: null")
	} else {
		w.line("      expose: %s", flow(p.Expose))
	}
	w.line("      query_carrier: %s", scalar(string(p.QueryCarrier)))
	w.line("      token_required: %t", p.TokenRequired)
	w.line("      open_envelopes: %t", p.OpenEnvelopes)
	w.texts("      ", "exempt", exemptTexts(p.Exempt))
}

// exemptTexts are exempt paths as the command line has them: POST /saml.
func exemptTexts(paths []gate.ExemptPath) []string {
	texts := make([]string, len(paths))
	for i, e := range paths {
		texts[i] = e.Method + " " + e.Path
	}
	return texts
}

func (w *Writer) domains(list []control.DeclaredDomain) {
	if len(list) == 0 {
		w.line("    domains: []")
		return
	}
	w.line("    domains:")
	for _, d := range list {
		w.line("      - entry: %s", scalar(d.Entry))
		if d.Label != "" {
			w.line("        label: %s", scalar(d.Label))
		}
		if !d.Expires.IsZero() {
			w.line("        expires: %s", d.Expires.UTC().Format(time.RFC3339Nano))
		}
		if d.Off {
			w.line("        enabled: false")
		}
		if len(d.Confirm) > 0 {
			w.line("        confirm: %s", flow(d.Confirm))
		}
		if d.Reason != "" {
			w.line("        reason: %s", scalar(d.Reason))
		}
	}
}

func (w *Writer) members(list []control.DeclaredMember) {
	if len(list) == 0 {
		w.line("    members: []")
		return
	}
	w.line("    members:")
	for _, m := range list {
		w.line("      - name: %s", scalar(m.Name))
		w.line("        role: %s", m.Role)
	}
}

// flow is a list on one line.
func flow[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = scalar(string(text))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

var (
	// plain is a text that stands for itself in YAML, whatever is around it: a path is not,
	// nor is anything that could be a number, a time or a word of YAML's.
	plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$`)
	// words of YAML 1.1 and 1.2 that are no texts.
	words = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null)$`)
)

// scalar is a text as YAML has it, on one line.
func scalar(text string) string {
	if plain.MatchString(text) && !words.MatchString(text) {
		return text
	}
	node := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle}
	out, err := yaml.Marshal(&node)
	if err != nil {
		return fmt.Sprintf("%q", text)
	}
	return strings.TrimSuffix(string(out), "\n")
}
