package explain

import "strings"

// A curlOption is an option of curl that matters to a browser's request, or that takes a
// value.
type curlOption struct {
	value bool
	set   func(c *curl, value string) // nil: it is read and has no meaning here
}

// curlOptions are the options by their long names. Those that are nil are switches
// without a meaning for browsers.
var curlOptions = func() map[string]*curlOption {
	all := map[string]*curlOption{
		"--request":        {true, func(c *curl, v string) { c.method = v }},
		"--header":         {true, (*curl).header},
		"--url":            {true, func(c *curl, v string) { c.urls = append(c.urls, v) }},
		"--data":           {true, func(c *curl, v string) { c.data = append(c.data, v) }},
		"--data-ascii":     {true, func(c *curl, v string) { c.data = append(c.data, v) }},
		"--data-raw":       {true, func(c *curl, v string) { c.data = append(c.data, v) }},
		"--data-binary":    {true, func(c *curl, v string) { c.data = append(c.data, v) }},
		"--data-urlencode": {true, func(c *curl, v string) { c.data = append(c.data, urlEncoded(v)) }},
		"--json":           {true, func(c *curl, v string) { c.data, c.json = append(c.data, v), true }},
		"--form":           {true, func(c *curl, _ string) { c.form = true }},
		"--form-string":    {true, func(c *curl, _ string) { c.form = true }},
		"--cookie":         {true, func(c *curl, v string) { c.add("Cookie", v) }},
		"--user":           {true, (*curl).user},
		"--oauth2-bearer":  {true, func(c *curl, v string) { c.add("Authorization", "Bearer "+v) }},
		"--user-agent":     {true, func(c *curl, v string) { c.add("User-Agent", v) }},
		"--referer":        {true, func(c *curl, v string) { c.add("Referer", v) }},
		"--range":          {true, func(c *curl, v string) { c.add("Range", "bytes="+v) }},
		"--upload-file":    {true, func(c *curl, _ string) { c.upload = true }},
		"--head":           {false, func(c *curl, _ string) { c.head = true }},
		"--get":            {false, func(c *curl, _ string) { c.inQuery = true }},
	}
	for name := range strings.FieldsSeq(curlSwitches) {
		all["--"+name] = nil
	}
	for name := range strings.FieldsSeq(curlValues) {
		all["--"+name] = &curlOption{value: true}
	}
	return all
}()

// curlShort are the options of one letter.
var curlShort = map[rune]string{
	'X': "--request", 'H': "--header", 'd': "--data", 'F': "--form", 'b': "--cookie", 'u': "--user",
	'A': "--user-agent", 'e': "--referer", 'r': "--range", 'T': "--upload-file", 'I': "--head", 'G': "--get",
	's': "--silent", 'S': "--show-error", 'v': "--verbose", 'k': "--insecure", 'L': "--location", 'i': "--include",
	'f': "--fail", 'N': "--no-buffer", 'g': "--globoff", '4': "--ipv4", '6': "--ipv6", 'O': "--remote-name",
	'J': "--remote-header-name", 'R': "--remote-time", 'q': "--disable", 'n': "--netrc", 'Z': "--parallel",
	'0': "--http1.0", '1': "--tlsv1", '2': "--sslv2", '3': "--sslv3", '#': "--progress-bar", 'j': "--junk-session-cookies",
	'o': "--output", 'w': "--write-out", 'm': "--max-time", 'x': "--proxy", 'U': "--proxy-user", 'c': "--cookie-jar",
	'E': "--cert", 'D': "--dump-header", 'C': "--continue-at", 'y': "--speed-time", 'Y': "--speed-limit",
}

const curlSwitches = `silent show-error verbose insecure location location-trusted include fail fail-with-body
	fail-early no-buffer globoff ipv4 ipv6 remote-name remote-name-all remote-header-name remote-time disable netrc
	parallel http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only compressed tr-encoding progress-bar
	no-progress-meter no-keepalive path-as-is tcp-nodelay tcp-fastopen tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 sslv2 sslv3
	ssl ssl-reqd anyauth basic digest negotiate ntlm post301 post302 post303 raw create-dirs junk-session-cookies
	styled-output no-styled-output retry-all-errors retry-connrefused no-sessionid no-alpn cert-status proxy-insecure`

const curlValues = `output write-out max-time connect-timeout retry retry-delay retry-max-time proxy proxy-user proxy-header
	noproxy cookie-jar cert cert-type key key-type cacert capath pass ciphers tls13-ciphers tls-max curves resolve connect-to
	interface local-port dns-servers doh-url unix-socket abstract-unix-socket dump-header continue-at speed-time speed-limit
	limit-rate rate max-redirs max-filesize keepalive-time expect100-timeout stderr trace trace-ascii output-dir netrc-file
	pinnedpubkey happy-eyeballs-timeout-ms socks5 socks5-hostname socks4 socks4a preproxy`
