package manifest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/manifest"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/trust"
)

var console = control.Actor{Kind: "command-line", Name: "anna"}

// people are the accounts of every control plane here.
var people = []string{"ada", "bob", "no", "o.k@example"}

// newControl is a control plane over a new database, with people.
func newControl(t testing.TB) *control.Service {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := control.New(control.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func addPeople(t *testing.T, s *control.Service) {
	t.Helper()
	for _, name := range people {
		if _, err := s.AddAccount(t.Context(), console, name, "correct horse battery staple", control.RoleOwner); err != nil {
			t.Fatal(err)
		}
	}
}

// export is what a control plane's sites are as a file.
func export(t testing.TB, s *control.Service) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Declare(t.Context(), "", manifest.NewWriter(&b).Write); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// apply applies a file, which has no mistakes.
func apply(t testing.TB, s *control.Service, text []byte) control.Plan {
	t.Helper()
	d, flaws := manifest.Read(text)
	if len(flaws) > 0 {
		t.Fatalf("%+v in\n%s", flaws, text)
	}
	plan, err := s.Apply(t.Context(), console, d, "")
	if err != nil {
		t.Fatalf("%+v for\n%s", err, text)
	}
	return plan
}

// A maker makes contents at random.
type maker struct{ *rand.Rand }

func (m maker) pick(of ...string) string { return of[m.IntN(len(of))] }

// label is a text that YAML could take for something else.
func (m maker) label() string {
	return m.pick("", "Web shop", "yes", "null", "~", "1.10", "2027-01-31", "0x1F", "a: b", "# no comment", `"quoted"`, `it's`, "- x",
		"ends in a colon:", "{a}", "[b]", "*c", "&d", "!e", "%f", "@g", "`h`", "|", ">", "Ä ö ß", "日本語", "😀", "a  b", `back\slash`, "é\u0301", "\ufeffmark", "y", "=", "<<", "a\u00a0b", ".inf", "-", "?", "1e3", "1_000", "12:30:45")
}

func (m maker) domain(i int) string {
	name := fmt.Sprintf("%c%d.%s.example", 'a'+m.IntN(26), i, m.pick("one", "two", "three"))
	return m.pick("", "", "", "*.", "http://", "https://", "app://") + name + m.pick("", "", "", ":8443")
}

func (m maker) domains(n int) *[]control.DeclaredDomain {
	list := make([]control.DeclaredDomain, n)
	for i := range list {
		list[i] = control.DeclaredDomain{
			Entry: m.domain(i), Label: m.label(), Off: m.IntN(4) == 0, Reason: "a test",
			Confirm: []trust.Confirmation{trust.ConfirmInsecure, trust.ConfirmPublicSuffix, trust.ConfirmLookAlike},
		}
		if m.IntN(3) == 0 {
			list[i].Expires = time.UnixMilli(m.Int64N(4e12) + 1)
		}
	}
	list = append(list, control.DeclaredDomain{Entry: "*.co.uk", Confirm: []trust.Confirmation{trust.ConfirmPublicSuffix}, Reason: m.label() + "!"},
		control.DeclaredDomain{Entry: "[::1]:8080", Confirm: []trust.Confirmation{trust.ConfirmInsecure}})
	return &list
}

func (m maker) policy() *control.Policy {
	p := control.DefaultPolicy()
	p.Credentials, p.AnyHeader, p.TokenRequired, p.OpenEnvelopes = m.IntN(2) == 0, m.IntN(2) == 0, m.IntN(2) == 0, m.IntN(2) == 0
	p.MaxAge = time.Duration(m.IntN(86400)) * time.Second
	p.Mode = gate.Mode(m.pick("enforce", "observe"))
	p.QueryCarrier = gate.QueryCarrier(m.pick("full", "read", "off"))
	p.Methods = [][]string{{"GET"}, {"GET", "POST"}, p.Methods}[m.IntN(3)]
	p.Headers = [][]string{nil, {}, {"X-A", "Content-Type"}}[m.IntN(3)]
	p.Expose = [][]string{nil, {}, {"X-Total"}}[m.IntN(3)]
	if p.Credentials && p.Expose == nil {
		p.Expose = []string{}
	}
	p.Exempt = [][]gate.ExemptPath{nil, {}, {{Method: "POST", Path: "/saml"}, {Method: "GET", Path: "/a/b-c_~.d"}}}[m.IntN(3)]
	return &p
}

func (m maker) site(name string) control.DeclaredSite {
	d := control.DeclaredSite{Name: name, Policy: m.policy(), Domains: m.domains(m.IntN(20))}
	if name != control.DefaultSite {
		d.Addresses = &[]string{"https://" + name + ".example.com", "https://shared.example.com/" + name}
		d.Upstreams = &[]string{"http://127.0.0.1:9000/base", "https://[::1]:1"}
		d.HealthPath, d.Enabled = new(m.pick("", "/healthz", "/1.5")), new(m.IntN(2) == 0)
	}
	var members []control.DeclaredMember
	for _, name := range people {
		if m.IntN(2) == 0 {
			members = append(members, control.DeclaredMember{Name: name, Role: control.Role(m.pick("viewer", "editor", "owner"))})
		}
	}
	d.Members = &members
	return d
}

// TestRoundTrip: whatever is in a database, a file of it makes an empty database the same,
// to the byte; and applied where it comes from it changes nothing.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := maker{rand.New(rand.NewPCG(seed, 7))}
			first, second := newControl(t), newControl(t)
			addPeople(t, first)
			addPeople(t, second)
			d := control.Declaration{Sites: []control.DeclaredSite{m.site(control.DefaultSite)}}
			for _, name := range []string{"no", "zz-1", "a", "123", "1e3"}[:m.IntN(6)] {
				d.Sites = append(d.Sites, m.site(name))
			}
			if _, err := first.Apply(t.Context(), console, d, ""); err != nil {
				t.Fatalf("%+v", err)
			}
			text := export(t, first)
			if again, err := first.PlanApply(t.Context(), read(t, text)); err != nil || len(again.Sites) > 0 {
				t.Errorf("its own file would change it: %+v, %v", again, err)
			}
			apply(t, second, text)
			if got := export(t, second); !bytes.Equal(got, text) {
				t.Errorf("of\n%s\nbecame\n%s", text, got)
			}
		})
	}
}

func read(t *testing.T, text []byte) control.Declaration {
	t.Helper()
	d, flaws := manifest.Read(text)
	if len(flaws) > 0 {
		t.Fatalf("%+v in\n%s", flaws, text)
	}
	return d
}

// TestOnlyWhatIsSaid: what a file leaves out stays.
func TestOnlyWhatIsSaid(t *testing.T) {
	s := newControl(t)
	apply(t, s, []byte("version: 1\nsites:\n- name: a\n  addresses: [https://a.example.com]\n  health_path: /h\n  policy: {mode: observe}\n  domains: [app.example.com]\n"))
	before := string(export(t, s))
	for _, part := range []string{"- name: a", "- {name: a, policy: {mode: observe}}", "- {name: A, domains: [HTTPS://App.Example.com]}"} {
		apply(t, s, []byte("version: 1\nsites:\n"+part+"\n"))
		if got := string(export(t, s)); got != before {
			t.Errorf("%s changed it to\n%s", part, got)
		}
	}
	plan := apply(t, s, []byte("version: 1\nsites:\n- {name: a, policy: {}, domains: []}\n"))
	if plan.Count(control.SignChange) != 1 || plan.Count(control.SignRemove) != 1 {
		t.Errorf("planned %+v", plan)
	}
	if p, err := s.Policies(t.Context()); err != nil || slices.ContainsFunc(values(p), func(p control.Policy) bool { return p.Mode != gate.Enforce }) {
		t.Errorf("a policy that leaves its mode out has %+v", p)
	}
}

func values[K comparable, V any](m map[K]V) []V {
	var list []V
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// TestTenThousand: a list of the size that is added at once elsewhere is planned and
// applied, and planned again to nothing.
func TestTenThousand(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nsites:\n- name: default\n  domains:\n")
	for i := range 12_000 {
		fmt.Fprintf(&b, "  - {entry: a%d.example.com, label: Number %d}\n", i, i)
	}
	s := newControl(t)
	began := time.Now()
	plan := apply(t, s, []byte(b.String()))
	t.Logf("12,000 entries applied in %v", time.Since(began))
	if plan.Count(control.SignAdd) != 12_000 {
		t.Errorf("%d were added", plan.Count(control.SignAdd))
	}
	log, err := s.Audit(t.Context(), control.AuditQuery{Action: "domain.apply"})
	if err != nil || len(log) != 2 {
		t.Errorf("%d rows in the log, want one for each 10,000: %v", len(log), err)
	}
	began = time.Now()
	again := apply(t, s, []byte(b.String()))
	t.Logf("and again in %v", time.Since(began))
	if len(again.Sites) != 0 {
		t.Errorf("the second time would change %d", again.Count(""))
	}
}

// FuzzRead: whatever a file says, reading it ends, with mistakes that have a line of it.
func FuzzRead(f *testing.F) {
	f.Add([]byte("version: 1\nsites:\n- name: a\n  domains: [x]\n  members: [{name: a, role: owner}]\n"))
	f.Add([]byte("version: 1\nsites: [{name: a, policy: {max_age: 1, expose: null, exempt: [GET /]}, enabled: true}]"))
	f.Add([]byte("a: &a [*a]\n<<: *a\n? [x]\n: y"))
	f.Add([]byte("--- !!binary x\n...\n--- 1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, flaws := manifest.Read(text)
		lines := bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("\r")) + 2
		for _, flaw := range flaws {
			if flaw.Line < 0 || flaw.Line > lines*4 || flaw.Message == "" {
				t.Errorf("%+v in %q", flaw, text)
			}
		}
	})
}
