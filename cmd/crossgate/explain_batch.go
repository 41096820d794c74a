package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// maxBatchLine is the longest line of --batch, in bytes.
const maxBatchLine = 1 << 20

var errLongLine = fmt.Errorf("the line has more than %d bytes", maxBatchLine)

// A batchLine is a line of --batch.
type batchLine struct {
	preflight.Request
	URL    string          `json:"url"`
	Origin string          `json:"origin"`
	ID     json.RawMessage `json:"id"` // comes back with the answer
}

// A batchAnswer is the line that answers it.
type batchAnswer struct {
	ID json.RawMessage `json:"id,omitempty"`
	explain.Answer
}

// A batchError answers a line that cannot be read.
type batchError struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// runBatch answers line for line, in order, the bad ones with their error.
func (v *explainRequest) runBatch(ctx context.Context, c *call) error {
	if v.curl != "" || v.method != "" || len(v.headers)+len(v.data)+len(c.args) > 0 || v.body+v.api+v.mode != "" || v.listener || v.keepalive {
		return wrongUse("explain", "--batch has the requests: of the other flags, give --origin and --database alone")
	}
	site, err := c.givenSite(ctx)
	if err != nil {
		return err
	}
	in := c.stdin
	if v.batch != "-" {
		file, err := os.Open(v.batch)
		if err != nil {
			return cannot("read the requests", err)
		}
		defer file.Close()
		in = file
	}
	return v.answerLines(ctx, c, in, site)
}

func (v *explainRequest) answerLines(ctx context.Context, c *call, in io.Reader, site *gate.Site) error {
	lines, out := bufio.NewReader(in), bufio.NewWriter(c.stdout)
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	bad := false
	for number := 1; ctx.Err() == nil; number++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return errors.Join(cannot("read the requests", err), out.Flush())
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		answer, err := v.answerLine(line, err, site)
		if err != nil {
			bad, answer = true, batchError{Line: number, Error: err.Error()}
		}
		if err := answers.Encode(answer); err != nil {
			return cannot("write the answers", err)
		}
	}
	if err := out.Flush(); err != nil {
		return cannot("write the answers", err)
	}
	if bad {
		return errNo
	}
	return ctx.Err()
}

// answerLine answers one line, unless it could not be read already.
func (v *explainRequest) answerLine(line []byte, err error, site *gate.Site) (any, error) {
	if err != nil {
		return nil, err
	}
	var asked batchLine
	in := json.NewDecoder(bytes.NewReader(line))
	in.DisallowUnknownFields()
	if err := in.Decode(&asked); err != nil {
		return nil, fmt.Errorf("the line is not the JSON of a request: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one value on the line")
	}
	target, err := targetOf("explain", asked.URL)
	if err != nil {
		return nil, err
	}
	a, err := explain.Explain(explain.Question{
		Request: asked.Request, Origin: cmp.Or(asked.Origin, v.origin), Target: target, Site: site, Now: time.Now(),
	})
	return batchAnswer{asked.ID, a}, err
}

// readLine reads a line without its end. One that is too long is read over.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for long := false; ; {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxBatchLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && (len(line) > 0 || long), err == nil:
			if long {
				return nil, errLongLine
			}
			return line, nil
		default:
			return nil, err
		}
	}
}
