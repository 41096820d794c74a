package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	largeBytes  = 1_000_000_000
	largeRounds = 5        // at most: a round is two requests
	largeChunk  = 64 << 10 // bytes in one write
)

// streamLarge prints what a body of 1 GB costs the gateway as multipart, relative to the
// ordinary way, and how much memory the gateway had at most meanwhile.
func streamLarge(out io.Writer, o options) (err error) {
	const name = "PUT of 1 GB"
	if !o.only.MatchString(name) {
		return nil
	}
	if err := keepOff(cpuOfEngines); err != nil {
		return err
	}
	api, gateway, stop, err := startPair()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	var carried, ordinary []upload
	for range min(o.rounds, largeRounds) {
		for _, side := range []struct {
			put  func(*upstream) (upload, error)
			into *[]upload
		}{{gateway.putMultipart, &carried}, {gateway.putOrdinary, &ordinary}} {
			one, err := side.put(api)
			if err != nil {
				return err
			}
			*side.into = append(*side.into, one)
		}
	}
	return writeLarge(out, name, carried, ordinary)
}

func writeLarge(out io.Writer, name string, carried, ordinary []upload) error {
	table := newTable("gateway: "+name, "as multipart", "ordinary", "ratio")
	for _, row := range []struct {
		name, format string
		of           func(upload) float64
	}{
		{"CPU", "%.2f s", func(u upload) float64 { return u.cpu.Seconds() }},
		{"through it", "%.0f MB/s", func(u upload) float64 { return largeBytes / 1e6 / u.took.Seconds() }},
		{"memory of the process before (RSS)", "%.1f MB", func(u upload) float64 { return float64(u.before) / 1e6 }},
		{"memory at most", "%.1f MB", func(u upload) float64 { return float64(u.peak) / 1e6 }},
	} {
		ours, theirs := median(each(carried, row.of)), median(each(ordinary, row.of))
		table.add(row.name, fmt.Sprintf(row.format, ours), fmt.Sprintf(row.format, theirs), fmt.Sprintf("%.2f", ours/theirs))
	}
	return table.write(out)
}

func each(uploads []upload, of func(upload) float64) (figures []float64) {
	for _, u := range uploads {
		figures = append(figures, of(u))
	}
	return figures
}

// An upload is what a large body took.
type upload struct {
	cpu, took    time.Duration
	before, peak int64 // resident memory of the gateway, in bytes
}

func (e *engine) putMultipart(upstream *upstream) (upload, error) {
	start, end := multipartAround(http.MethodPut, opaqueToken, "application/octet-stream")
	return e.put(upstream, http.MethodPost, "Content-Type: multipart/form-data; boundary="+boundary+"\r\n", start, end)
}

func (e *engine) putOrdinary(upstream *upstream) (upload, error) {
	return e.put(upstream, http.MethodPut, "Authorization: Bearer "+opaqueToken+"\r\nContent-Type: application/octet-stream\r\n", "", "")
}

// put sends a large body with something around it, and makes sure that the API sees the
// body alone, with its length.
func (e *engine) put(upstream *upstream, method, fields, start, end string) (u upload, err error) {
	const path = "/api/v2/files/7"
	fields += fmt.Sprintf("Content-Length: %d\r\n", len(start)+largeBytes+len(end))
	connection, err := net.Dial("tcp", e.address)
	if err != nil {
		return u, err
	}
	defer connection.Close()
	if u.before, err = e.resetPeak(); err != nil {
		return u, err
	}
	cpu, err := cpuOf(e.process.Pid)
	if err != nil {
		return u, err
	}
	began := time.Now()
	answer, err := exchange(connection, browserRequest(method, path, trusted, fields, start), end)
	if err != nil {
		return u, err
	}
	u.took = time.Since(began)
	after, err := cpuOf(e.process.Pid)
	if err != nil {
		return u, err
	}
	u.cpu = after - cpu
	if u.peak, err = e.memory("VmHWM"); err != nil {
		return u, err
	}
	want := message{"PUT " + path + " HTTP/1.1", largeBytes, true}
	if saw := *upstream.last.Load(); saw != want || !strings.HasPrefix(answer.first, "HTTP/1.1 200 ") {
		return u, fmt.Errorf("the answer was %q; the API saw %+v and not %+v", answer.first, saw, want)
	}
	return u, nil
}

// exchange sends a start, a large body and an end, and reads the answer.
func exchange(connection net.Conn, start, end string) (message, error) {
	chunk := make([]byte, largeChunk)
	for i := range chunk {
		chunk[i] = byte(i * i >> 3) // CR and LF now and then, as in any file
	}
	if _, err := io.WriteString(connection, start); err != nil {
		return message{}, err
	}
	for left := largeBytes; left > 0; left -= len(chunk) {
		chunk = chunk[:min(left, len(chunk))]
		if _, err := connection.Write(chunk); err != nil {
			return message{}, err
		}
	}
	if _, err := io.WriteString(connection, end); err != nil {
		return message{}, err
	}
	return skipMessage(bufio.NewReader(connection))
}

// resetPeak forgets how much memory the engine had at most (proc(5), clear_refs), and
// returns what it has now, in bytes.
func (e *engine) resetPeak() (int64, error) {
	const forgetPeak = "5"
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", e.process.Pid), []byte(forgetPeak), 0); err != nil {
		return 0, err
	}
	return e.memory("VmRSS")
}

// memory reads one of the lines of /proc/PID/status that are in kB, in bytes.
func (e *engine) memory(line string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", e.process.Pid))
	if err != nil {
		return 0, err
	}
	for field := range strings.Lines(string(text)) {
		var kB int64
		if name, value, _ := strings.Cut(field, ":"); name == line {
			_, err := fmt.Sscan(value, &kB)
			return kB << 10, err
		}
	}
	return 0, fmt.Errorf("/proc has no %s", line)
}
