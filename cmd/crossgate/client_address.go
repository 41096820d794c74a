package main

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientAddress returns who sends a request to the dashboard: the peer or, behind
// trusted proxies, the last address of X-Forwarded-For that is not one of theirs.
func clientAddress(trusted []netip.Prefix) func(*http.Request) string {
	isProxy := func(a netip.Addr) bool {
		return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	return func(r *http.Request) string {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		client := peer.Addr().Unmap()
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for _, hop := range slices.Backward(hops) {
			if !isProxy(client) {
				break
			}
			a, err := netip.ParseAddr(strings.TrimSpace(hop))
			if err != nil {
				break // what is not an address was not written by our proxy
			}
			client = a.Unmap()
		}
		return client.String()
	}
}
