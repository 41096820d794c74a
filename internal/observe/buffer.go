package observe

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// How long a line waits in a Buffer at most, and how many bytes wait together.
const (
	BufferDelay = 250 * time.Millisecond
	BufferBytes = 64 << 10
)

// A Buffer gathers small writes into large ones. It is for the access log, where a
// system call for each line would cost more than the line.
type Buffer struct {
	mu    sync.Mutex
	to    *bufio.Writer
	timer *time.Timer // set while bytes wait
}

// NewBuffer returns a Buffer before w.
func NewBuffer(w io.Writer) *Buffer {
	return &Buffer{to: bufio.NewWriterSize(w, BufferBytes)}
}

// Write keeps b for a moment. Errors of the writer behind show up later.
func (b *Buffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.timer == nil {
		b.timer = time.AfterFunc(BufferDelay, func() { _ = b.Flush() }) // the next Write reports it
	}
	return b.to.Write(line)
}

// Flush writes what waits. Call it before the program ends.
func (b *Buffer) Flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
	return b.to.Flush()
}
