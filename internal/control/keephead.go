package control

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A keptHead says which head a node served last, and when it last knew it to be the
// latest. Its file is written in place, in one piece that is smaller than a sector of a
// disk, and made durable before a newer revision is served: whatever becomes of the
// snapshot beside it, it is used with this head alone.
type keptHead struct {
	head      Head
	confirmed time.Time
}

// keptHeadBytes is the length of the file.
const keptHeadBytes = 512

// text is the file's content: for people, too.
func (h keptHead) text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "crossgate snapshot head 1\nrevision %d\nchange %s\nconfirmed %d\n",
		h.head.Revision, hex.EncodeToString([]byte(h.head.ChangeID)), h.confirmed.UnixMilli())
	sum := sha256.Sum256(b.Bytes())
	fmt.Fprintf(&b, "sha256 %x\n", sum)
	return append(b.Bytes(), bytes.Repeat([]byte{'\n'}, max(keptHeadBytes-b.Len(), 0))...)
}

var (
	errNoKeptHead  = errors.New("it does not say which revision was served last")
	errBadKeptHead = errors.New("it is damaged")
)

// readKeptHead reads what text wrote, and nothing else.
func readKeptHead(text []byte) (h keptHead, err error) {
	if len(text) == 0 {
		return h, errNoKeptHead
	}
	var change string
	var confirmed int64
	_, err = fmt.Sscanf(string(text), "crossgate snapshot head 1\nrevision %d\nchange %s\nconfirmed %d\n", &h.head.Revision, &change, &confirmed)
	if err != nil {
		return keptHead{}, errBadKeptHead
	}
	id, err := hex.DecodeString(change)
	h.head.ChangeID, h.confirmed = string(id), time.UnixMilli(confirmed).UTC()
	if err != nil || !bytes.Equal(h.text(), text) {
		return keptHead{}, errBadKeptHead
	}
	return h, nil
}

// putKeptHead writes the file in place, durably.
func putKeptHead(to *os.File, h keptHead) error {
	text := h.text()
	if len(text) != keptHeadBytes {
		return fmt.Errorf("the id of a change is too long to be kept: %d bytes", len(h.head.ChangeID))
	}
	if _, err := to.WriteAt(text, 0); err != nil {
		return err
	}
	return to.Sync()
}

// keptHeadIn reads the file.
func keptHeadIn(from *os.File) (keptHead, error) {
	text, err := io.ReadAll(io.NewSectionReader(from, 0, keptHeadBytes+1))
	if err != nil {
		return keptHead{}, err
	}
	return readKeptHead(text)
}
