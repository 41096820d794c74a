package envelope

import (
	"errors"
	"io"
)

const gatherBytes = 1 << 10 // to begin with

// Gather reads the beginning of a body, so that a short one can be sent with its length.
// If whole, start is all of the body, at most limit bytes; if not, it is its first limit
// bytes and one more, and the rest is still to be read. The error is the reader's own.
func Gather(r io.Reader, limit int) (start []byte, whole bool, err error) {
	start = make([]byte, 0, min(gatherBytes, limit+1))
	for empty := 0; len(start) <= limit; {
		if len(start) == cap(start) {
			grown := make([]byte, len(start), min(4*cap(start), limit+1))
			copy(grown, start)
			start = grown
		}
		n, err := r.Read(start[len(start):cap(start)])
		start = start[:len(start)+n]
		switch {
		case errors.Is(err, io.EOF):
			return start, len(start) <= limit, nil
		case err != nil:
			return start, false, err
		case n > 0:
			empty = 0
		default:
			if empty++; empty == maxEmptyReads {
				return start, false, io.ErrNoProgress
			}
		}
	}
	return start, false, nil
}
