package server

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
)

// A ListenError says why an address cannot be listened at, and what to do.
type ListenError struct {
	Address string
	Advice  string
	Err     error
}

func (e *ListenError) Error() string {
	return "cannot listen at " + e.Address + ": " + e.Advice
}

// Unwrap returns the operating system's error.
func (e *ListenError) Unwrap() error { return e.Err }

// Listen opens a TCP listener at "host:port"; port 0 takes a free one. The error
// is a [*ListenError].
func Listen(ctx context.Context, address string) (net.Listener, error) {
	var cfg net.ListenConfig
	l, err := cfg.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, &ListenError{Address: address, Advice: advice(err), Err: err}
	}
	return l, nil
}

// advice turns the operating system's error into a sentence.
func advice(err error) string {
	var dns *net.DNSError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "the port is in use by another program; stop it or choose another port"
	case errors.Is(err, syscall.EACCES):
		return "this user may not listen at that port; choose one above 1023"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return "this machine has no such address"
	case errors.As(err, &dns):
		return "the name " + dns.Name + " cannot be resolved; write the address as IP:port"
	}
	// The rest is about how the address is written: "missing port in address".
	text := err.Error()
	return text[strings.LastIndex(text, ": ")+2:] + "; write it as host:port or :port"
}
