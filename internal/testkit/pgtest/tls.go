//go:build unix

package pgtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// TLS makes the server speak TLS, with a certificate for 127.0.0.1 that nobody trusts
// but those who are given [Cluster.Certificate], and take nothing else.
func TLS() Option { return func(c *Cluster) { c.tls = true } }

// Certificate returns the file of the server's certificate, its own authority.
func (c *Cluster) Certificate() string { return filepath.Join(c.folder, "server.crt") }

// URLWith returns the address of a database for its owner, with settings as in a query
// in the place of those that URL has.
func (c *Cluster) URLWith(database, query string) string {
	address, _, _ := strings.Cut(c.URL(database), "?")
	return address + "?" + query
}

// makeCertificate makes a certificate and its key, and has the server use them.
func (c *Cluster) makeCertificate() {
	c.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		c.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		c.t.Fatal(err)
	}
	keyFile := filepath.Join(c.folder, "server.key")
	c.write(c.Certificate(), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})))
	c.write(keyFile, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	c.Set("ssl=on", "ssl_cert_file='"+c.Certificate()+"'", "ssl_key_file='"+keyFile+"'")
	c.write(filepath.Join(c.data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n")
}
