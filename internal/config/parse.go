package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/trust"
)

const (
	maxPort   = 65535            // the largest port number
	maxNotice = 10 * time.Minute // no supervisor waits longer

	maxHealth   = 400 // bytes of a path
	maxNodeName = 100 // bytes
)

// The mistakes of values. Each says what to do; the value itself is named by the
// [Mistake] around it.
var (
	errNotHTTP   = errors.New("write an http:// or https:// address, as in http://127.0.0.1:3000")
	errUserinfo  = errors.New("leave name and password out of the address")
	errHost      = errors.New("write the host as browsers do: a name in Punycode, or an IP address, with nothing behind the port")
	errExtra     = errors.New("leave everything behind the host and port away")
	errQuery     = errors.New("leave the query and fragment away")
	errAddress   = errors.New("write HOST:PORT or :PORT, as in 127.0.0.1:8080")
	errPort      = errors.New("the port must be a number from 0 to 65535")
	errPrefix    = errors.New("write an address or a range of them, as in 10.0.0.0/8 or 192.0.2.7")
	errHostBits  = errors.New("the range has bits set behind its length")
	errDatabase  = errors.New("give a file name for SQLite, or the address of a PostgreSQL database, as in postgres://USER:PASSWORD@HOST:5432/NAME")
	errNotice    = errors.New("write a duration from 0s to 10m, as in 5s")
	errHealth    = errors.New("write a path, as in /healthz")
	errNodeName  = fmt.Errorf("write a name of at most %d letters, digits and signs, without spaces", maxNodeName)
	errAge       = errors.New("write a duration above zero, as in 24h")
	errEmptyName = errors.New("give a file name")
	errNoSite    = errors.New("give the name of a site, as crossgate site list has it")
)

// parseUpstream parses the address of the API. A base path is allowed.
func parseUpstream(s string) (*url.URL, error) {
	u, err := parseHTTP(s)
	if err != nil {
		return nil, err
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, errQuery
	}
	return u, nil
}

// parseOrigin parses a public URL: as a person writes it, with upper case, the
// scheme's default port and one trailing slash forgiven.
func parseOrigin(s string) (trust.Origin, error) {
	u, err := parseHTTP(s)
	if err != nil {
		return trust.Origin{}, err
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return trust.Origin{}, errExtra
	}
	o, err := trust.ParseOrigin(u.Scheme + "://" + authority(u))
	if err != nil {
		return trust.Origin{}, errHost
	}
	return o, nil
}

// authority is host and port as browsers write them.
func authority(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

func parseHTTP(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return nil, errNotHTTP
	}
	if u.User != nil {
		return nil, errUserinfo
	}
	if p := u.Port(); p != "" && !isPort(p) {
		return nil, errPort
	}
	return u, nil
}

func parseAddress(s string) (string, error) {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", errAddress
	}
	if !isPort(port) {
		return "", errPort
	}
	return s, nil
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= maxPort
}

// isLoopbackAddress reports whether a HOST:PORT can be reached from this machine alone.
func isLoopbackAddress(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// parseDatabase tells the kinds of database apart. The address of a server is read by
// whoever uses it.
func parseDatabase(s string) (string, error) {
	scheme, _, isURL := strings.Cut(s, "://")
	if s == "" || isURL && scheme != "postgres" && scheme != "postgresql" || !isURL && isMeantAsServer(s) {
		return "", errDatabase
	}
	return s, nil
}

// isMeantAsServer reports whether what is no URL is the address of a server all the same,
// as its own programs take it, and no file's name: it may hold a password.
func isMeantAsServer(s string) bool {
	s = strings.ToLower(s)
	for _, begin := range []string{"postgres:", "postgresql:", "host=", "hostaddr=", "dbname=", "user=", "service="} {
		if strings.HasPrefix(strings.TrimSpace(s), begin) {
			return true
		}
	}
	return strings.Contains(s, "password=")
}

// parseName parses the name of a site; whether there is such a site, the records know.
func parseName(s string) (string, error) {
	if s = strings.ToLower(strings.TrimSpace(s)); s == "" {
		return "", errNoSite
	}
	return s, nil
}

// parseHealth parses a path below the upstreams, with a query or without.
func parseHealth(s string) (string, error) {
	u, err := url.ParseRequestURI(s)
	if err != nil || !strings.HasPrefix(s, "/") || strings.Contains(s, "#") || len(s) > maxHealth || u.RequestURI() != s {
		return "", errHealth
	}
	return s, nil
}

// parseNodeName parses a name as people give them to machines.
func parseNodeName(s string) (string, error) {
	if s = strings.TrimSpace(s); s == "" || len(s) > maxNodeName || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errNodeName
	}
	return s, nil
}

func parseAge(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, errAge
	}
	return d, nil
}

func parseFile(s string) (string, error) {
	if s == "" {
		return "", errEmptyName
	}
	return s, nil
}

// parsePrefix parses a range of addresses, or one address.
func parsePrefix(s string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(s); err == nil && ip.Zone() == "" {
		return netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, errPrefix
	}
	if p != p.Masked() {
		return netip.Prefix{}, fmt.Errorf("%w: write %s", errHostBits, p.Masked())
	}
	return p, nil
}

// parseNotice parses the first phase of stopping.
func parseNotice(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > maxNotice {
		return 0, errNotice
	}
	return d, nil
}

// oneOf parses a choice.
func oneOf[T ~string](choices ...T) func(string) (T, error) {
	return func(s string) (T, error) {
		names := make([]string, len(choices))
		for i, c := range choices {
			if string(c) == s {
				return c, nil
			}
			names[i] = string(c)
		}
		return "", fmt.Errorf("write %s", strings.Join(names, " or "))
	}
}
