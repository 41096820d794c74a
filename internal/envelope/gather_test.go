package envelope_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/crossgate/crossgate/internal/envelope"
)

// TestGather: a body is whole if and only if no more than the limit is in it, and
// nothing of it is lost.
func TestGather(t *testing.T) {
	for _, limit := range []int{0, 1, 2, 1023, 1024, 5000} {
		for _, size := range []int{0, 1, 2, 3, 1023, 1024, 1025, 4096, 4999, 5000, 5001, 20_000} {
			for _, way := range []func(io.Reader) io.Reader{iotest.HalfReader, iotest.OneByteReader, iotest.DataErrReader} {
				body := strings.Repeat("x", size)
				reader := way(strings.NewReader(body))
				start, whole, err := envelope.Gather(reader, limit)
				if err != nil || whole != (size <= limit) || len(start) != min(size, limit+1) {
					t.Errorf("limit %d, %d bytes: %d, whole %v, %v", limit, size, len(start), whole, err)
				}
				rest, _ := io.ReadAll(reader)
				if all := string(start) + string(rest); all != body {
					t.Errorf("limit %d, %d bytes: %d are left", limit, size, len(all))
				}
			}
		}
	}
}

// TestGatherErrors: an error is the reader's own, with what came before it.
func TestGatherErrors(t *testing.T) {
	broken := errors.New("broken")
	start, whole, err := envelope.Gather(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), 10)
	if string(start) != "abc" || whole || err != broken { //nolint:errorlint // bare
		t.Errorf("%q, %v, %v", start, whole, err)
	}
	if _, _, err := envelope.Gather(idle{}, 10); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("of a reader that gives nothing: %v", err)
	}
}
