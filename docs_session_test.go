package crossgate_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// patience is how long a command of a session may take to answer as the page says:
// servers that were started a line above have to come up.
const patience = 20 * time.Second

// TestSessionsAreTrue runs each page's sessions, and holds what is printed against what
// the page shows. Lines may be left out there, and … stands for anything.
func TestSessionsAreTrue(t *testing.T) {
	binaries := buildBinaries(t)
	pages := map[string][]snippet{}
	for _, s := range snippets(t, "console") {
		pages[s.page] = append(pages[s.page], s)
	}
	for page, blocks := range pages {
		t.Run(page, func(t *testing.T) {
			s := newSession(t, binaries)
			for _, block := range blocks {
				text := strings.ReplaceAll("\n"+block.text, "\\\n", " ")
				for _, step := range strings.Split(text, "\n$ ")[1:] {
					command, shown, _ := strings.Cut(strings.TrimSpace(step), "\n")
					s.run(block, command, shown)
				}
			}
		})
	}
}

// A session is a shell as a reader has it, in a folder and at ports of its own.
type session struct {
	t        *testing.T
	folder   string
	binaries string
	ports    *strings.Replacer
	places   []string          // further flags of serve
	set      map[string]string // the shell's variables, with a $ before their names
}

func newSession(t *testing.T, binaries string) *session {
	api, gateway, dashboard := freeAddress(t), freeAddress(t), freeAddress(t)
	return &session{
		t: t, folder: t.TempDir(), binaries: binaries,
		ports:  strings.NewReplacer("127.0.0.1:3000", api, "localhost:8080", gateway),
		places: []string{"--listen", gateway, "--dashboard", dashboard},
		set:    map[string]string{},
	}
}

// run runs one command until it prints what the page shows.
func (s *session) run(block snippet, command, shown string) {
	s.t.Helper()
	command, background := strings.CutSuffix(s.ports.Replace(command), " &")
	variable, inner, assigns := assignment(command)
	words := shellWords(s.expand(inner))
	switch {
	case strings.HasPrefix(command, "go build "):
		return // done already
	case background:
		s.start(words)
		return
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		got, err := s.output(words, assigns)
		if assigns {
			s.set["$"+variable] = strings.TrimSpace(got)
		}
		missing := missingLine(got, shown)
		if missing == "" && (err == nil || shown != "") {
			return
		}
		if words[0] != "curl" || time.Now().After(deadline) {
			s.t.Errorf("%s: %s\nprints\n%s(%v)\nand not\n%s", block, command, got, err, missing)
			return
		}
	}
}

// start starts a server that runs until the test ends.
func (s *session) start(words []string) {
	s.t.Helper()
	name, args := "crossgate", words[1:]
	switch {
	case slices.Equal(words, []string{"go", "run", "./examples/upstream"}):
		name, args = "upstream", []string{s.ports.Replace("127.0.0.1:3000")}
	case words[0] == "./crossgate" && words[1] == "serve":
		args = append(args, s.places...)
	default:
		s.t.Fatalf("the test cannot start %q", words)
	}
	cmd := s.command(name, args)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
}

func (s *session) command(name string, args []string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.binaries, name), args...)
	cmd.Dir = s.folder
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "CROSSGATE_") })
	return cmd
}

// missingLine returns a line that is shown and was not printed, or "".
func missingLine(printed, shown string) string {
	lines := strings.Split(printed, "\n")
	for line := range strings.Lines(shown) {
		line = strings.TrimSuffix(line, "\n")
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + "$")
		if !slices.ContainsFunc(lines, pattern.MatchString) {
			return line
		}
	}
	return ""
}

// freeAddress returns a loopback address at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
