package client

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

// maxClient is the most that the client may weigh on the wire, in bytes: what
// product and protocol promise.
const maxClient = 2 << 10

func TestScripts(t *testing.T) {
	for _, stem := range []string{"client", "worker"} {
		t.Run(stem, func(t *testing.T) {
			lasting, ok := Find(stem + ".js")
			if !ok || lasting.Immutable || len(lasting.Text) == 0 {
				t.Fatalf("%s.js: %v, %d bytes, immutable %v", stem, ok, len(lasting.Text), lasting.Immutable)
			}
			hashed, ok := Find(stem + "-" + strings.Trim(lasting.ETag, `"`) + ".js")
			if !ok || !hashed.Immutable || !bytes.Equal(hashed.Text, lasting.Text) || hashed.Integrity != lasting.Integrity {
				t.Errorf("the name with a hash: %v, immutable %v", ok, hashed.Immutable)
			}
			r, err := gzip.NewReader(bytes.NewReader(lasting.Gzip))
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(r); err != nil || !bytes.Equal(text, lasting.Text) {
				t.Errorf("compressed it is another script: %v", err)
			}
			if size := len(lasting.Gzip); size > maxClient {
				t.Errorf("%d bytes compressed, at most %d are promised", size, maxClient)
			}
			if i := bytes.IndexFunc(lasting.Text, func(r rune) bool { return r > '~' }); i >= 0 {
				t.Errorf("byte %d is not ASCII", i)
			}
		})
	}
}

// What has no such name is not found: a path, another hash, nothing.
func TestFindNothingElse(t *testing.T) {
	for _, name := range []string{"", "client", "client.ts", "dist/client.js", "client-0000000000000000.js", "client-.js", "CLIENT.JS"} {
		if s, ok := Find(name); ok {
			t.Errorf("%q finds %s", name, s.Name)
		}
	}
	if len(Names()) != 4 {
		t.Errorf("names: %v", Names())
	}
}
