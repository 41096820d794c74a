package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// CertificateInterval is how often the files of a certificate are looked at.
const CertificateInterval = 2 * time.Second

// A Certificate is a certificate and its key in PEM files, read again when they
// change. A new pair that is broken, or half written, changes nothing: the one
// before is kept.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	current           atomic.Pointer[tls.Certificate]

	mu   sync.Mutex // held while the files are looked at: several listeners may share them
	seen stamps
}

// stamps tell whether files have changed.
type stamps [2]struct {
	modified time.Time
	size     int64
}

// LoadCertificate reads the pair once, and fails where it cannot be used.
func LoadCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
	if _, err := c.reload(); err != nil {
		return nil, err
	}
	return c, nil
}

// TLSConfig returns the server's settings: TLS 1.2 or later, Go's choice of
// ciphers, and at each handshake the pair that is current.
func (c *Certificate) TLSConfig() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.current.Load(), nil
		},
	}
}

// Watch looks for changes until ctx ends.
func (c *Certificate) Watch(ctx context.Context) {
	tick := time.NewTicker(CertificateInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch changed, err := c.reload(); {
		case err != nil:
			c.log.Error("the new TLS certificate cannot be used; the one before is kept", "error", err)
		case changed:
			c.log.Info("TLS certificate reloaded", "file", c.certFile)
		}
	}
}

// reload reads the pair where the files have changed since the last look, be it
// that they could be used then or not: a broken pair is reported once.
func (c *Certificate) reload() (changed bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, err := stampsOf(c.certFile, c.keyFile)
	if err == nil && now == c.seen {
		return false, nil
	}
	if err != nil {
		// A file is missing, perhaps for the moment of a rename.
		if c.seen == (stamps{}) && c.current.Load() != nil {
			return false, nil
		}
		c.seen = stamps{}
		return false, fmt.Errorf("read TLS certificate: %w", err)
	}
	c.seen = now
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return false, fmt.Errorf("load TLS certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	c.current.Store(&pair)
	return true, nil
}

func stampsOf(files ...string) (s stamps, err error) {
	for i, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return stamps{}, err
		}
		s[i].modified, s[i].size = info.ModTime(), info.Size()
	}
	return s, nil
}
