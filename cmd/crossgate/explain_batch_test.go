package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

// A line that is too long costs no other line, and no memory.
func TestReadLine(t *testing.T) {
	long := strings.Repeat("x", maxBatchLine+1)
	fits := strings.Repeat("y", maxBatchLine-1)
	lines := bufio.NewReader(strings.NewReader("a\n\n" + long + "\nb\r\n" + fits + "\n" + long))
	want := []struct {
		text string
		err  error
	}{{"a\n", nil}, {"\n", nil}, {"", errLongLine}, {"b\r\n", nil}, {fits + "\n", nil}, {"", errLongLine}, {"", io.EOF}}
	for i, w := range want {
		line, err := readLine(lines)
		if string(line) != w.text || !errors.Is(err, w.err) {
			t.Errorf("line %d: %d bytes, %v; want %d bytes, %v", i, len(line), err, len(w.text), w.err)
		}
	}
}
