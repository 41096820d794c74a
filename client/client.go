// Package client holds the browser client as browsers load it: a module for pages, and
// a classic script for service workers. Both are built from the TypeScript in src by
// go generate, and embedded.
package client

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"sync"
)

//go:generate sh -c "cd internal/build && go run ."

//go:embed dist/client.js dist/worker.js
var dist embed.FS

// hashLength is how much of a script's SHA-256 its immutable name has, in hexadecimal digits.
const hashLength = 16

// A Script is one file that browsers load. Its bytes are shared: they must not be changed.
type Script struct {
	Name      string // "client.js", or with a part of its SHA-256 "client-0123456789abcdef.js"
	Text      []byte // UTF-8, in fact ASCII
	Gzip      []byte // Text, compressed
	ETag      string // an entity tag with its quotes (RFC 9110, section 8.8.3), of Text
	Integrity string // what an integrity attribute says of Text (W3C Subresource Integrity): "sha384-…"
	Immutable bool   // whether the name changes whenever Text does
}

// Names returns the names of all scripts: of each the lasting one and the one with its hash.
func Names() []string {
	names := make([]string, 0, len(load()))
	for _, s := range load() {
		names = append(names, s.Name)
	}
	return names
}

// Find returns the script with a name, if there is one.
func Find(name string) (Script, bool) {
	for _, s := range load() {
		if s.Name == name {
			return s, true
		}
	}
	return Script{}, false
}

var load = sync.OnceValue(func() []Script {
	var all []Script
	for _, name := range []string{"client.js", "worker.js"} {
		text, err := dist.ReadFile("dist/" + name)
		if err != nil {
			panic(err) // it is embedded
		}
		s := newScript(name, text)
		all = append(all, s, s.immutable())
	}
	return all
})

func newScript(name string, text []byte) Script {
	integrity := sha512.Sum384(text)
	return Script{
		Name: name, Text: text, Gzip: compress(text),
		ETag:      `"` + hashOf(text) + `"`,
		Integrity: "sha384-" + base64.StdEncoding.EncodeToString(integrity[:]),
	}
}

// immutable is the same script by the name that changes with it.
func (s Script) immutable() Script {
	s.Name = strings.TrimSuffix(s.Name, ".js") + "-" + hashOf(s.Text) + ".js"
	s.Immutable = true
	return s
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])[:hashLength]
}

func compress(text []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is known
	}
	w.Write(text) // a buffer takes everything
	w.Close()
	return b.Bytes()
}
