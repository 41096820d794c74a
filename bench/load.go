package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// connections is how many keep-alive connections the load uses at a time.
const connections = 32

// drive sends one request over and over, on every connection as soon as the answer
// has come, for a while, and returns how many answers came. An answer with another
// status than was expected is an error.
func drive(address, request string, status int, duration time.Duration) (answers int64, err error) {
	var (
		total    atomic.Int64
		failure  atomic.Pointer[error]
		workers  sync.WaitGroup
		deadline = time.Now().Add(duration)
	)
	for range connections {
		workers.Go(func() {
			sent, err := driveOne(address, request, status, deadline)
			total.Add(sent)
			if err != nil {
				failure.Store(&err)
			}
		})
	}
	workers.Wait()
	if err := failure.Load(); err != nil {
		return 0, *err
	}
	return total.Load(), nil
}

func driveOne(address, request string, status int, deadline time.Time) (sent int64, err error) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	bytes, reader := []byte(request), bufio.NewReader(connection)
	want := fmt.Sprintf("HTTP/1.1 %d ", status)
	for ; time.Now().Before(deadline); sent++ {
		if _, err := connection.Write(bytes); err != nil {
			return sent, err
		}
		answer, err := skipMessage(reader)
		if err != nil {
			return sent, err
		}
		if !strings.HasPrefix(answer.first, want) {
			return sent, fmt.Errorf("the answer was %q, not %d", answer.first, status)
		}
	}
	return sent, nil
}
