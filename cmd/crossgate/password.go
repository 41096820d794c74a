package main

import (
	"bufio"
	"errors"
	"flag"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/crossgate/crossgate/internal/control"
)

const passwordHelp = `
The password is asked for, twice, without showing it; with --password-stdin it is
the first line of standard input. It has at least 12 characters.`

// passwordSource says where a new password comes from. Never from an argument: those
// are seen by other programs and kept in the shell's history.
type passwordSource struct{ stdin bool }

func (s *passwordSource) flags(fs *flag.FlagSet) {
	fs.BoolVar(&s.stdin, "password-stdin", false, "read the password from standard input")
}

// read reads a new password.
func (s *passwordSource) read(c *call, name string) (string, error) {
	if s.stdin {
		return firstLine(c.stdin, "password", control.MaxPassword)
	}
	f, ok := c.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", wrongUse(name, "there is no terminal to ask for the password at: use --password-stdin")
	}
	password, err := prompt(c.stderr, f, "Password: ")
	if err != nil {
		return "", err
	}
	again, err := prompt(c.stderr, f, "Once more: ")
	if err != nil {
		return "", err
	}
	if password != again {
		return "", &failure{exit: exitNo, text: "the two passwords differ", advice: "nothing was changed; try again"}
	}
	return password, nil
}

// prompt asks for a line and does not show it.
func prompt(w io.Writer, terminal *os.File, question string) (string, error) {
	io.WriteString(w, question)
	line, err := term.ReadPassword(int(terminal.Fd()))
	io.WriteString(w, "\n")
	if err != nil {
		return "", cannot("read the password", err)
	}
	return string(line), nil
}

// firstLine reads one line of a secret, without its end, and not much more of it than
// may be kept.
func firstLine(r io.Reader, secret string, most int64) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, most+2)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", cannot("read the "+secret+" from standard input", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
