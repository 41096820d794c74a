package snapshot

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
)

// The file form of what a snapshot is made of: a line that says what it is, then records,
// each a kind, a length and that many bytes, then a record of kind 0 that holds how many
// there were, and the SHA-256 of all that stands before it. The records are the control
// plane's; this is what tells a file that is whole from any other.
const fileMagic = "crossgate snapshot 1\n"

// MaxFileRecord is the length of one record's content, in bytes.
const MaxFileRecord = 1 << 20

// Mistakes of a file.
var (
	ErrNotSnapshot   = errors.New("it is no snapshot of this version of the format")
	ErrFileDamaged   = errors.New("it is damaged")
	ErrRecordTooLong = errors.New("a record is too long to be kept")
)

const fileBuffer = 64 << 10 // bytes that are written at once

// fileEnd is the kind of the last record.
const fileEnd = 0

// A FileWriter writes the file form, and holds none of it.
type FileWriter struct {
	out   *bufio.Writer
	sum   hash.Hash
	count uint64
	head  []byte // scratch
}

// NewFileWriter begins a file.
func NewFileWriter(to io.Writer) (*FileWriter, error) {
	sum := sha256.New()
	w := &FileWriter{out: bufio.NewWriterSize(io.MultiWriter(to, sum), fileBuffer), sum: sum}
	_, err := w.out.WriteString(fileMagic)
	return w, err
}

// Put writes a record. The kind is not 0.
func (w *FileWriter) Put(kind byte, content []byte) error {
	if len(content) > MaxFileRecord {
		return ErrRecordTooLong
	}
	w.count++
	return w.put(kind, content)
}

func (w *FileWriter) put(kind byte, content []byte) error {
	w.head = binary.AppendUvarint(append(w.head[:0], kind), uint64(len(content)))
	if _, err := w.out.Write(w.head); err != nil {
		return err
	}
	_, err := w.out.Write(content)
	return err
}

// Close ends the file. What it was written to stays open.
func (w *FileWriter) Close() error {
	if err := w.put(fileEnd, binary.AppendUvarint(nil, w.count)); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	if _, err := w.out.Write(w.sum.Sum(nil)); err != nil {
		return err
	}
	return w.out.Flush()
}

// A FileReader reads the file form, one record at a time. What it has returned is not to
// be believed before it has returned io.EOF: only then the file is known to be whole.
type FileReader struct {
	in    *bufio.Reader
	sum   hash.Hash
	count uint64
	held  []byte
	head  []byte // scratch
}

// NewFileReader begins to read a file.
func NewFileReader(from io.Reader) (*FileReader, error) {
	r := &FileReader{in: bufio.NewReaderSize(from, fileBuffer), sum: sha256.New()}
	magic := make([]byte, len(fileMagic))
	if _, err := io.ReadFull(r.in, magic); err != nil {
		return nil, notWhole(err)
	}
	if string(magic) != fileMagic {
		return nil, ErrNotSnapshot
	}
	r.sum.Write(magic)
	return r, nil
}

// Next returns the next record, valid until Next is called again, or io.EOF where there
// is none and the file is whole, or an error where it is not.
func (r *FileReader) Next() (kind byte, content []byte, err error) {
	kind, err = r.in.ReadByte()
	if err != nil {
		return 0, nil, notWhole(err)
	}
	length, err := r.length()
	if err != nil {
		return 0, nil, err
	}
	if cap(r.held) < length {
		r.held = make([]byte, length)
	}
	content = r.held[:length]
	if _, err := io.ReadFull(r.in, content); err != nil {
		return 0, nil, notWhole(err)
	}
	r.head = binary.AppendUvarint(append(r.head[:0], kind), uint64(length))
	r.sum.Write(r.head)
	r.sum.Write(content)
	if kind == fileEnd {
		return 0, nil, r.end(content)
	}
	r.count++
	return kind, content, nil
}

// length reads how long a record is. It is written in one way only, so that the sum
// covers what was read.
func (r *FileReader) length() (int, error) {
	var written [binary.MaxVarintLen32]byte
	for i := range written {
		b, err := r.in.ReadByte()
		if err != nil {
			return 0, notWhole(err)
		}
		if written[i] = b; b < 0x80 {
			length, n := binary.Uvarint(written[:i+1])
			if n <= 0 || length > MaxFileRecord || len(binary.AppendUvarint(nil, length)) != i+1 {
				return 0, ErrFileDamaged
			}
			return int(length), nil
		}
	}
	return 0, ErrFileDamaged
}

// end compares what the end of the file says with what was read.
func (r *FileReader) end(content []byte) error {
	want := make([]byte, sha256.Size)
	if _, err := io.ReadFull(r.in, want); err != nil {
		return notWhole(err)
	}
	_, err := r.in.ReadByte()
	switch {
	case err == nil:
		return ErrFileDamaged // something follows
	case !errors.Is(err, io.EOF):
		return err
	case !bytes.Equal(content, binary.AppendUvarint(nil, r.count)), !bytes.Equal(want, r.sum.Sum(nil)):
		return ErrFileDamaged
	}
	return io.EOF
}

// notWhole is the error of a file that ends too early; errors of reading stay what they are.
func notWhole(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrFileDamaged
	}
	return err
}
