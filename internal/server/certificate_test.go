package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pair writes a certificate for a name and its key, and returns the files.
func pair(t *testing.T, dir, name string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(24 * 365 * 100 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write(t, certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	return certFile, keyFile
}

// write replaces a file by renaming, as careful tools do.
func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file+".new", content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
}

// served is the name in the certificate that the next handshake gets.
func served(t *testing.T, c *Certificate) string {
	t.Helper()
	got, err := c.TLSConfig().GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return got.Leaf.Subject.CommonName
}

// A new pair is taken up; a broken one changes nothing, is reported once, and is
// taken up when it is mended.
func TestCertificateReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), new(lockedBuffer)
		certFile, keyFile := pair(t, dir, "one.example")
		c, err := LoadCertificate(certFile, keyFile, slog.New(slog.NewTextHandler(log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		go c.Watch(t.Context())
		pass := func() {
			time.Sleep(3 * CertificateInterval)
			synctest.Wait()
		}
		expect := func(step, name string, complaints int) {
			t.Helper()
			pass()
			if got := served(t, c); got != name {
				t.Errorf("%s: %s is served, want %s", step, got, name)
			}
			if got := strings.Count(log.String(), "level=ERROR"); got != complaints {
				t.Errorf("%s: %d complaints, want %d: %s", step, got, complaints, log)
			}
		}
		expect("unchanged", "one.example", 0)
		pair(t, dir, "two.example")
		expect("replaced", "two.example", 0)
		write(t, certFile, []byte("broken"))
		expect("broken", "two.example", 1)
		other := t.TempDir()
		otherCert, _ := pair(t, other, "three.example")
		text, _ := os.ReadFile(otherCert)
		write(t, certFile, text)
		expect("half replaced", "two.example", 2)
		key, _ := os.ReadFile(filepath.Join(other, "key.pem"))
		write(t, keyFile, key)
		expect("wholly replaced", "three.example", 2)
		_ = os.Remove(keyFile)
		expect("removed", "three.example", 3)
		pair(t, dir, "four.example")
		expect("restored", "four.example", 3)
	})
}

func TestLoadCertificateFailsAtOnce(t *testing.T) {
	dir := t.TempDir()
	certFile, _ := pair(t, dir, "one.example")
	if _, err := LoadCertificate(certFile, filepath.Join(dir, "none.pem"), nil); err == nil {
		t.Error("a missing key was taken")
	}
	if _, err := LoadCertificate(certFile, certFile, nil); err == nil {
		t.Error("a certificate was taken for a key")
	}
}

// The whole server takes a new certificate without a restart, and speaks HTTP/2.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := pair(t, dir, "one.example")
	var certificate *Certificate
	r := start(t, hello, func(c *Config) {
		var err error
		certificate, err = LoadCertificate(certFile, keyFile, c.Log)
		if err != nil {
			t.Fatal(err)
		}
		c.Services[0].Certificate = certificate
	})
	for _, name := range []string{"one.example", "two.example"} {
		pair(t, dir, name)
		if _, err := certificate.reload(); err != nil {
			t.Fatal(err)
		}
		c, err := tls.Dial("tcp", r.address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
		if err != nil {
			t.Fatal(err)
		}
		state := c.ConnectionState()
		_ = c.Close()
		if got := state.PeerCertificates[0].Subject.CommonName; got != name || state.NegotiatedProtocol != "h2" {
			t.Errorf("%s over %q, want %s", got, state.NegotiatedProtocol, name)
		}
	}
}
