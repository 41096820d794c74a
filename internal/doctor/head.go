package doctor

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

// The ways in which a head is none.
var (
	errNoHTTP   = &Failure{Kind: FailedResponse, Text: "what came back does not begin as an HTTP response does"}
	errLongHead = &Failure{Kind: FailedResponse, Text: "the head of the response has more than " + strconv.Itoa(MaxHead>>10) + " KiB"}
	errFolded   = &Failure{Kind: FailedResponse, Text: "the head of the response has more than " + strconv.Itoa(maxFolded) + " lines that go on with the one before"}
	errInterim  = &Failure{Kind: FailedResponse, Text: "there are more than " + strconv.Itoa(maxInterim) + " interim responses"}
)

// readFinalHead reads heads until one is not interim (RFC 9110, section 15.2).
func readFinalHead(in *bufio.Reader) (status int, fields [][2]string, err error) {
	for range maxInterim + 1 {
		status, fields, err = readHead(in)
		if err != nil || status < 100 || status >= 200 {
			return status, fields, err
		}
		if status == 101 {
			return 0, nil, errNoHTTP // nobody has asked for another protocol
		}
	}
	return 0, nil, errInterim
}

// readHead reads a head as leniently as browsers do: fields stay in order, doubled ones
// stay doubled, a line that is no field is left out, and one that begins with a blank
// goes on with the field before it (RFC 9112, section 5.2).
func readHead(in *bufio.Reader) (status int, fields [][2]string, err error) {
	left := MaxHead
	first, err := readLine(in, &left)
	if err != nil {
		return 0, nil, err
	}
	if status, err = statusOf(first); err != nil {
		return 0, nil, err
	}
	for folded := 0; ; {
		line, err := readLine(in, &left)
		if err != nil || line == "" {
			return status, fields, err
		}
		if isFolded(line) {
			if folded++; folded > maxFolded {
				return 0, nil, errFolded
			}
		}
		fields = appendField(fields, line)
	}
}

// isFolded reports whether a line goes on with the field before it.
func isFolded(line string) bool { return line[0] == ' ' || line[0] == '\t' }

// appendField adds a line of a head to its fields.
func appendField(fields [][2]string, line string) [][2]string {
	if isFolded(line) {
		if n := len(fields); n > 0 {
			fields[n-1][1] = strings.Trim(fields[n-1][1]+" "+strings.Trim(line, " \t"), " ")
		}
		return fields
	}
	name, value, found := strings.Cut(line, ":")
	if name = strings.TrimRight(name, " \t"); !found || name == "" {
		return fields
	}
	return append(fields, [2]string{name, strings.Trim(value, " \t")})
}

// statusOf reads a status line (RFC 9112, section 4).
func statusOf(line string) (int, error) {
	version, rest, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(version, "HTTP/") {
		return 0, errNoHTTP
	}
	code, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	status, err := strconv.Atoi(code)
	if err != nil || status < 100 || status > 999 {
		return 0, errNoHTTP
	}
	return status, nil
}

// readLine reads one line without its end.
func readLine(in *bufio.Reader, left *int) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if *left -= len(part); *left < 0 {
			return "", errLongHead
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return strings.TrimRight(string(line), "\r\n"), nil
		case errors.Is(err, io.EOF) && len(line) > 0:
			return "", io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", err
		}
	}
}
