package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"sync/atomic"
)

const upstreamAnswer = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n" +
	"Cache-Control: no-cache\r\nContent-Length: 27\r\n\r\n" + `{"id":7,"name":"a message"}`

// An upstream is the API behind the engines. It knows which request came last, so that
// a run can make sure that it measures what it says.
type upstream struct {
	net.Listener
	last atomic.Pointer[message]
}

// startUpstream listens for the engines, answers every request with the same small
// JSON, and costs next to nothing itself.
func startUpstream() (*upstream, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	u := &upstream{Listener: listener}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // closed: the run is over
			}
			go u.answer(connection)
		}
	}()
	return u, nil
}

func (u *upstream) answer(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReaderSize(connection, 64<<10)
	for {
		seen, err := skipMessage(reader)
		if err != nil {
			return
		}
		u.last.Store(&seen)
		if _, err := io.WriteString(connection, upstreamAnswer); err != nil {
			return
		}
	}
}

// A message is what is looked at of an HTTP/1.1 message.
type message struct {
	first      string // line
	length     int    // of the body, in bytes
	authorized bool   // whether it has Authorization
}

// skipMessage reads one HTTP/1.1 message that is not chunked.
func skipMessage(reader *bufio.Reader) (m message, err error) {
	for line := 0; ; line++ {
		text, err := reader.ReadSlice('\n')
		if err != nil {
			return m, err
		}
		text = bytes.TrimRight(text, "\r\n")
		switch {
		case line == 0:
			m.first = string(text)
		case len(text) == 0:
			_, err := reader.Discard(m.length)
			return m, err
		default:
			m.length = max(m.length, contentLength(text))
			m.authorized = m.authorized || bytes.HasPrefix(text, []byte("Authorization: Bearer "))
		}
	}
}

func contentLength(field []byte) int {
	name, value, _ := bytes.Cut(field, []byte(":"))
	if len(name) != len("Content-Length") || textproto.CanonicalMIMEHeaderKey(string(name)) != "Content-Length" {
		return 0
	}
	length, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil {
		return 0
	}
	return length
}
