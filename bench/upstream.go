package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/textproto"
	"strconv"
)

const upstreamAnswer = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n" +
	"Cache-Control: no-cache\r\nContent-Length: 27\r\n\r\n" + `{"id":7,"name":"a message"}`

// startUpstream listens for the engines, answers every request with the same small
// JSON, and costs next to nothing itself.
func startUpstream() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // closed: the run is over
			}
			go answer(connection)
		}
	}()
	return listener, nil
}

func answer(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for {
		if _, err := skipMessage(reader); err != nil {
			return
		}
		if _, err := io.WriteString(connection, upstreamAnswer); err != nil {
			return
		}
	}
}

// skipMessage reads one HTTP/1.1 message that is not chunked, and returns its first line.
func skipMessage(reader *bufio.Reader) (first string, err error) {
	length := 0
	for line := 0; ; line++ {
		text, err := reader.ReadSlice('\n')
		if err != nil {
			return "", err
		}
		text = bytes.TrimRight(text, "\r\n")
		switch {
		case line == 0:
			first = string(text)
		case len(text) == 0:
			_, err := reader.Discard(length)
			return first, err
		default:
			length = max(length, contentLength(text))
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
