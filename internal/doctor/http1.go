package doctor

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// exchange1 sends a message by HTTP/1.1 and reads the head of the answer. It is written
// out here because net/http keeps neither the order of fields nor their spelling.
func exchange1(conn net.Conn, m message) (answer, error) {
	start := time.Now()
	if _, err := conn.Write(encode(m)); err != nil {
		return answer{}, err
	}
	in := bufio.NewReader(io.LimitReader(conn, MaxHead+MaxBody))
	status, fields, err := readFinalHead(in)
	if err != nil {
		return answer{}, err
	}
	a := answer{Response: responseOf(status, fields), wait: time.Since(start)}
	if hasBody(m.method, status) {
		throwBodyAway(in, fields)
	}
	return a, nil
}

// encode is a message as its bytes go over HTTP/1.1.
func encode(m message) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", m.method, targetOf(m.url))
	field := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	field("Host", hostOf(m.url))
	field("Connection", "keep-alive")
	if m.body != nil || m.method == "POST" || m.method == "PUT" {
		field("Content-Length", strconv.Itoa(len(m.body)))
	}
	for _, f := range m.fields {
		field(f[0], f[1])
	}
	b.WriteString("\r\n")
	b.Write(m.body)
	return b.Bytes()
}

// hostOf is the Host field: a scheme's usual port is left out (URL standard, section
// 4.4, "port state").
func hostOf(u *url.URL) string {
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		return u.Host[:strings.LastIndexByte(u.Host, ':')]
	}
	return u.Host
}

// targetOf is the path and the query, with what an address cannot hold percent-encoded
// (URL standard, section 1.3).
func targetOf(u *url.URL) string {
	target := cmp.Or(u.RawPath, u.EscapedPath(), "/")
	if u.RawQuery != "" || u.ForceQuery {
		target += "?" + u.RawQuery
	}
	var b strings.Builder
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c > '~' || strings.IndexByte("\"<>#", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// throwBodyAway reads the beginning of a body, so that the server is not cut off in the
// middle of a short one.
func throwBodyAway(in *bufio.Reader, fields [][2]string) {
	n, err := strconv.ParseInt(strings.Join(fieldsOf(fields, "content-length"), ","), 10, 64)
	if err != nil || n < 0 {
		return
	}
	_, _ = io.CopyN(io.Discard, in, min(n, MaxBody)) // what is missing of it changes nothing
}
