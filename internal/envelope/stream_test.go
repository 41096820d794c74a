package envelope_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/envelope"
)

// TestSplitAnywhere: where the bytes are split on their way changes nothing.
func TestSplitAnywhere(t *testing.T) {
	for name, c := range map[string]struct{ contentType, body string }{
		"form":                 {formType, "%24httpMethod=PUT&access_token=a%20b&$httpHeaders=A:b%0D%0AC:%C3%BC&$ct=a/b&$body=a+b%20c%25"},
		"form, refused":        {formType, "$httpMethod=PUT&$body=a%20b&c"},
		"multipart":            {partsType, parts(part("$httpMethod", "PUT"), part("$httpHeaders", "A: b\r\nC: d"), part("$body", "a\r\n--b0\r\n\r\n--b0undar\r\n"))},
		"multipart, refused":   {partsType, parts(part("$httpMethod", "PUT"), part("$body", "a\r\n--b0undary-"))},
		"ordinary form":        {formType, "%24httpMethoD=PUT"},
		"ordinary multipart":   {partsType, parts("Content-Type: a/b\r\n" + part("$httpMetho", "d"))},
		"a fault in the first": {partsType, parts("Content-Type: a/b\r\n" + part("$httpMethod", "PUT"))},
	} {
		t.Run(name, func(t *testing.T) {
			for _, length := range []int64{int64(len(c.body)), -1} {
				want := open(t, c.contentType, strings.NewReader(c.body), length)
				for i := range len(c.body) {
					for _, n := range []int{0, 1, 2, 3, 7, 25, 60} {
						j := min(i+n, len(c.body))
						got := open(t, c.contentType, pieces(c.body[:i], c.body[i:j], c.body[j:]), length)
						if !sameResult(want, got) {
							t.Fatalf("split at %d and %d: %s", i, j, cmp.Diff(want, got))
						}
					}
				}
			}
		})
	}
}

// pieces gives strings, each by reads of its own.
func pieces(each ...string) io.Reader {
	readers := make([]io.Reader, len(each))
	for i := range each {
		readers[i] = strings.NewReader(each[i])
	}
	return io.MultiReader(readers...)
}

// sameResult reports whether two results are the same, but for how much of a body was
// handed out before its fault.
func sameResult(a, b result) bool {
	if a.Fault != "" && b.Fault != "" {
		a.Body, b.Body = "", ""
	}
	return reflect.DeepEqual(a, b)
}

// TestBodiesOfEverySize: sizes around that of the buffer, made of what is near a
// delimiter.
func TestBodiesOfEverySize(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	pieces := []string{"\r", "\n", "-", "\r\n--", "\r\n--b0undar", "--b0undary", "x", "\r\n--b0undar\r\n--b0undar", strings.Repeat("y", 500)}
	for size := 32<<10 - 200; size < 32<<10+200; size += 7 {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		body := b.String()
		if strings.Contains("\r\n"+body, "\r\n--b0undary") {
			body = strings.ReplaceAll(body, "b0undary", "b0undarX")
		}
		wire := parts(part("$httpMethod", "PUT"), part("$body", body))
		for _, reader := range []io.Reader{strings.NewReader(wire), iotest.HalfReader(strings.NewReader(wire))} {
			got := open(t, partsType, reader, int64(len(wire)))
			if got.Fault != "" || got.Body != body || got.Length != int64(len(body)) {
				t.Fatalf("%d bytes: %d of them, length %d, fault %q", len(body), len(got.Body), got.Length, got.Fault)
			}
		}
	}
}

// TestLengths: a body that is not as long as declared is a fault, and nobody who was told
// a length has that many bytes of it.
func TestLengths(t *testing.T) {
	for _, size := range []int{0, 1, 4, 5, 100, 40_000} {
		bodies := map[string]string{
			formType:  "$httpMethod=PUT&$body=" + strings.Repeat("x", size),
			partsType: parts(part("$httpMethod", "PUT"), part("$body", strings.Repeat("x", size))),
		}
		for contentType, body := range bodies {
			for _, off := range []int64{-1000, -100, -20, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 20, 1000} {
				if length := int64(len(body)) + off; length > 0 {
					refusesLength(t, contentType, body, length)
				}
			}
		}
	}
}

func refusesLength(t *testing.T, contentType, body string, length int64) {
	t.Helper()
	for way, r := range map[string]io.Reader{
		"whole": strings.NewReader(body), "bytes": iotest.OneByteReader(strings.NewReader(body)), "data+EOF": iotest.DataErrReader(strings.NewReader(body)),
	} {
		got := open(t, contentType, r, length)
		name := fmt.Sprintf("%s: %d bytes declared as %d, %s", contentType, len(body), length, way)
		switch {
		case got.Controls == nil || got.Fault == "":
			t.Errorf("%s: no fault", name)
		case got.Length >= 0 && int64(len(got.Body)) >= got.Length:
			t.Errorf("%s: %d bytes were handed out of a length of %d", name, len(got.Body), got.Length)
		}
	}
}

// TestLastByteIsHeldBack: until the end of a multipart body is seen to be in order, the
// last byte of $body stays here.
func TestLastByteIsHeldBack(t *testing.T) {
	for _, size := range []int{1, 2, 50, 70_000} {
		wire := parts(part("$httpMethod", "PUT"), part("$body", strings.Repeat("x", size)))
		body := len(wire) - len("\r\n--b0undary--\r\n")
		for cut := body; cut < len(wire); cut++ {
			for _, length := range []int64{-1, int64(len(wire))} {
				broken := errors.New("broken")
				text, err := readAll(partsType, io.MultiReader(strings.NewReader(wire[:cut]), iotest.ErrReader(broken)), length)
				if !errors.Is(err, broken) || len(text) >= size {
					t.Errorf("cut %d bytes before the end, length %d: %d of %d bytes, %v", len(wire)-cut, length, len(text), size, err)
				}
			}
		}
	}
}

// TestStreams: what has come of a body is handed out while the rest is on its way.
func TestStreams(t *testing.T) {
	for contentType, start := range map[string]string{
		formType:  "$httpMethod=PUT&$body=",
		partsType: strings.TrimSuffix(parts(part("$httpMethod", "PUT"), part("$body", "")), "\r\n--b0undary--\r\n"),
	} {
		reader, writer := io.Pipe()
		go func() { _, _ = writer.Write([]byte(start + strings.Repeat("x", 1000))) }()
		opened, err := envelope.Open(contentType, reader, -1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(opened.Body, make([]byte, 900)); err != nil {
			t.Error(err)
		}
		_ = reader.Close()
	}
}

// TestReadsInConstantMemory: a body of any size takes the same few allocations.
func TestReadsInConstantMemory(t *testing.T) {
	const size = 16 << 20
	head := strings.TrimSuffix(parts(part("$httpMethod", "PUT"), part("$body", "")), "\r\n--b0undary--\r\n")
	bodies := map[string]func() io.Reader{
		formType: func() io.Reader {
			return io.MultiReader(strings.NewReader("$httpMethod=PUT&$body="), io.LimitReader(zeroes{}, size))
		},
		partsType: func() io.Reader {
			return io.MultiReader(strings.NewReader(head), io.LimitReader(zeroes{}, size), strings.NewReader("\r\n--b0undary--\r\n"))
		},
	}
	piece := make([]byte, 32<<10)
	for contentType, body := range bodies {
		allocations := testing.AllocsPerRun(1, func() {
			opened, err := envelope.Open(contentType, body(), -1)
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, opened.Body, piece)
			if n != size || err != nil {
				t.Errorf("%s: %d bytes, %v", contentType, n, err)
			}
		})
		if allocations > 50 {
			t.Errorf("%s: %v allocations", contentType, allocations)
		}
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestReaderContract: the readers keep the rules of io.Reader, and what they ended with.
func TestReaderContract(t *testing.T) {
	content := strings.Repeat("some content\r\n", 5000)
	for contentType, wire := range map[string]string{
		formType:  "$httpMethod=PUT&$body=" + strings.ReplaceAll(content, " ", "+"),
		partsType: parts(part("$httpMethod", "PUT"), part("$body", content)),
	} {
		opened, err := envelope.Open(contentType, strings.NewReader(wire), int64(len(wire)))
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(opened.Body, []byte(content)); err != nil {
			t.Errorf("%s: %v", contentType, err)
		}
		for range 3 {
			if n, err := opened.Body.Read(make([]byte, 10)); n != 0 || err != io.EOF {
				t.Errorf("%s: after the end: %d, %v", contentType, n, err)
			}
		}
	}
}
