package crossgate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What the sessions of the pages use of a shell and of curl, and no more.

// assignment reads NAME=$(command). What is none comes back as it is.
func assignment(command string) (name, inner string, is bool) {
	match := regexp.MustCompile(`^([A-Z]+)=\$\((.*)\)$`).FindStringSubmatch(command)
	if match == nil {
		return "", command, false
	}
	return match[1], match[2], true
}

// expand puts the values of variables in.
func (s *session) expand(command string) string {
	for name, value := range s.set {
		command = strings.ReplaceAll(command, name, value)
	}
	return command
}

// output runs a command to its end and returns what it prints: alone, on standard
// output alone, as $(…) does.
func (s *session) output(words []string, alone bool) (string, error) {
	if i := slices.Index(words, "|"); i > 0 {
		return s.pipe(words[:i], words[i+1:])
	}
	switch words[0] {
	case "curl":
		return s.curl(words[1:])
	case "printf":
		return "", s.printf(words[1:])
	case "./crossgate", "crossgate":
		cmd := s.command("crossgate", words[1:])
		read := cmd.CombinedOutput
		if alone {
			read = cmd.Output
		}
		out, err := read()
		return string(out), err
	}
	return "", fmt.Errorf("the test cannot run %s", words[0])
}

// pipe runs a command with the output of another: echo before crossgate, or jq -r
// .FIELD behind curl.
func (s *session) pipe(from, to []string) (string, error) {
	switch {
	case from[0] == "echo" && to[0] == "./crossgate":
		cmd := s.command("crossgate", to[1:])
		cmd.Stdin = strings.NewReader(strings.Join(from[1:], " ") + "\n")
		out, err := cmd.CombinedOutput()
		return string(out), err
	case from[0] == "curl" && len(to) == 3 && to[0] == "jq" && to[1] == "-r":
		out, err := s.curl(from[1:])
		if err != nil {
			return "", err
		}
		var members map[string]any
		if err := json.Unmarshal([]byte(out), &members); err != nil {
			return "", fmt.Errorf("%s: %w", out, err)
		}
		return fmt.Sprint(members[strings.TrimPrefix(to[2], ".")]), nil
	}
	return "", fmt.Errorf("the test cannot pipe %s to %s", from[0], to[0])
}

// printf writes a file: printf FORMAT > NAME.
func (s *session) printf(words []string) error {
	if words[0] == "--" {
		words = words[1:]
	}
	if len(words) != 3 || words[1] != ">" || strings.Contains(words[0], "%") {
		return fmt.Errorf("the test cannot do printf %q", words)
	}
	text := strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace(words[0])
	return os.WriteFile(filepath.Join(s.folder, words[2]), []byte(text), 0o600)
}

// curl does what curl does with the flags that the pages use.
func (s *session) curl(args []string) (string, error) {
	var data, parts []string
	method, headers, address, withHead := "", http.Header{}, "", false
	for len(args) > 0 {
		flag := args[0]
		if slices.Contains([]string{"-X", "-H", "-d", "-F", "--data-urlencode", "--data-binary"}, flag) {
			args = args[1:]
		}
		switch flag {
		case "-i":
			withHead = true
		case "-s":
		case "-X":
			method = args[0]
		case "-H":
			name, value, _ := strings.Cut(args[0], ": ")
			headers.Add(name, value)
		case "-d":
			data = append(data, args[0])
		case "--data-urlencode":
			name, value, _ := strings.Cut(args[0], "=")
			data = append(data, name+"="+strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
		case "--data-binary":
			text, err := os.ReadFile(filepath.Join(s.folder, strings.TrimPrefix(args[0], "@")))
			if err != nil {
				return "", err
			}
			data = append(data, string(text))
		case "-F":
			part, err := s.part(args[0])
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		default:
			address = flag
		}
		args = args[1:]
	}
	if !strings.Contains(address, "://") {
		return "", fmt.Errorf("curl has no URL, but %q", address)
	}
	if parts != nil {
		headers.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		data = []string{strings.Join(parts, "") + "--" + boundary + "--\r\n"}
	}
	if data != nil && headers.Get("Content-Type") == "" {
		headers.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if data != nil && method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequest(method, address, strings.NewReader(strings.Join(data, "&")))
	if err != nil {
		return "", err
	}
	req.Header = headers
	return send(req, withHead)
}

const boundary = "------------------------7f8f06b4a025c338" // as curl writes it

// part is what curl sends for -F: name=text, or name=@file;type=…
func (s *session) part(field string) (string, error) {
	name, value, _ := strings.Cut(field, "=")
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\""
	file, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		return head + "\r\n\r\n" + value + "\r\n", nil
	}
	file, contentType, _ := strings.Cut(file, ";type=")
	text, err := os.ReadFile(filepath.Join(s.folder, file))
	return head + "; filename=\"" + file + "\"\r\nContent-Type: " + contentType + "\r\n\r\n" + string(text) + "\r\n", err
}

// send returns what curl prints of the answer, with -i its head, too.
func send(req *http.Request, withHead bool) (string, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var out bytes.Buffer
	if withHead {
		fmt.Fprintf(&out, "%s %s\n", res.Proto, res.Status)
		for name, values := range res.Header {
			for _, v := range values {
				fmt.Fprintf(&out, "%s: %s\n", name, v)
			}
		}
		out.WriteString("\n")
	}
	_, err = out.ReadFrom(res.Body)
	return out.String(), err
}

// shellWords splits a command as a shell does, quotation marks and all.
func shellWords(command string) []string {
	var words []string
	for _, match := range regexp.MustCompile(`'([^']*)'|"([^"]*)"|(\S+)`).FindAllStringSubmatch(command, -1) {
		words = append(words, match[1]+match[2]+match[3])
	}
	return words
}
