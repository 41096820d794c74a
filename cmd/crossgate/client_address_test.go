package main

import (
	"net/http"
	"net/netip"
	"testing"
)

// X-Forwarded-For counts from trusted proxies alone, from the right.
func TestClientAddress(t *testing.T) {
	address := clientAddress([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	tests := []struct {
		name, peer, forwarded, want string
	}{
		{"direct", "192.0.2.1:1", "", "192.0.2.1"},
		{"direct, claiming to be another", "192.0.2.1:1", "198.51.100.7", "192.0.2.1"},
		{"proxy", "10.0.0.1:1", "198.51.100.7", "198.51.100.7"},
		{"two proxies", "10.0.0.1:1", "198.51.100.7, 10.0.0.2", "198.51.100.7"},
		{"proxy, client claiming to be another", "10.0.0.1:1", "203.0.113.9, 198.51.100.7", "198.51.100.7"},
		{"proxy without the field", "10.0.0.1:1", "", "10.0.0.1"},
		{"proxy, nonsense", "10.0.0.1:1", "198.51.100.7, unknown", "10.0.0.1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1", "198.51.100.7", "198.51.100.7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: tt.peer, Header: http.Header{"X-Forwarded-For": {tt.forwarded}}}
			if got := address(r); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
