package observe

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Secrets are cut out of messages and values of every kind, in both formats.
func TestLogsHoldNoSecrets(t *testing.T) {
	const secret = "cgt_0123456789abcdef"
	for _, format := range []Format{Text, JSON} {
		var out bytes.Buffer
		log, err := NewLogger(&out, format, slog.LevelDebug)
		if err != nil {
			t.Fatal(err)
		}
		log.With("with", secret).WithGroup("group").Info("message "+secret, "string", secret, "error", errors.New("failed with "+secret),
			"struct", struct{ A string }{secret}, "bytes", []byte(secret), slog.Group("g", "inner", secret), "n", 7)
		ErrorLog(log).Printf("http: something with %s", secret)
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s: %s", format, out.String())
		}
		if !strings.Contains(out.String(), "7") || !strings.Contains(out.String(), "cgt_[cut]") {
			t.Errorf("%s: too much was cut: %s", format, out.String())
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := NewLogger(nil, "xml", slog.LevelInfo); err == nil || !strings.Contains(err.Error(), `"xml"`) {
		t.Errorf("error %v", err)
	}
}

// net/http's complaints are warnings, but for handshakes that fail all day.
func TestErrorLogLevels(t *testing.T) {
	var out bytes.Buffer
	log, err := NewLogger(&out, Text, slog.LevelInfo)
	if err != nil {
		t.Fatal(err)
	}
	ErrorLog(log).Print("http: TLS handshake error from 127.0.0.1: EOF")
	ErrorLog(log).Print("http: Accept error: too many open files")
	if got := out.String(); strings.Contains(got, "TLS") || !strings.Contains(got, "level=WARN msg=\"http: Accept error") {
		t.Errorf("%s", got)
	}
}

// Lines wait in a Buffer for a moment, not longer.
func TestBuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		b := NewBuffer(&out)
		write := func(line string) {
			if _, err := b.Write([]byte(line)); err != nil {
				t.Error(err)
			}
		}
		write("one\n")
		write("two\n")
		if out.String() != "" {
			t.Errorf("written at once: %q", out.String())
		}
		time.Sleep(BufferDelay)
		synctest.Wait()
		if got := out.String(); got != "one\ntwo\n" {
			t.Errorf("after the delay: %q", got)
		}
		write("three\n")
		if err := b.Flush(); err != nil || out.String() != "one\ntwo\nthree\n" {
			t.Errorf("after a flush: %q, %v", out.String(), err)
		}
		time.Sleep(2 * BufferDelay)
		synctest.Wait()
		if out.String() != "one\ntwo\nthree\n" {
			t.Errorf("later: %q", out.String())
		}
	})
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
