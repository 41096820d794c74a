package e2e

import (
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/crossgate"
	"github.com/crossgate/crossgate/e2e/internal/nginx"
	"github.com/crossgate/crossgate/internal/explain"
)

// wellSet is an nginx that does it right: a map of whole origins, every answer with the
// headers, errors too, and preflights answered by itself.
const wellSet = `
map $http_origin $allowed { default ""; "https://app.example.com" $http_origin; }
server {
	listen ADDRESS;
	add_header Access-Control-Allow-Origin $allowed always;
	add_header Access-Control-Allow-Credentials true always;
	add_header Vary Origin always;
	location / {
		if ($request_method = OPTIONS) {
			add_header Access-Control-Allow-Origin $allowed always;
			add_header Access-Control-Allow-Credentials true always;
			add_header Access-Control-Allow-Methods "GET, PUT";
			add_header Access-Control-Allow-Headers "Content-Type, Authorization";
			add_header Access-Control-Max-Age 600;
			add_header Vary Origin always;
			return 204;
		}
		proxy_pass API;
	}
}`

// wellSetBut changes one text of it into another.
func wellSetBut(old, changed string) string {
	if !strings.Contains(wellSet, old) {
		panic("there is no " + old)
	}
	return strings.ReplaceAll(wellSet, old, changed)
}

// simply is a server with some lines, and the API behind it.
func simply(lines string) string {
	return "server { listen ADDRESS;\n" + lines + "\nlocation / { proxy_pass API; } }"
}

const (
	whole   = `"https://app.example.com" $http_origin;`
	forCORS = `add_header Access-Control-Allow-Origin https://app.example.com always; add_header Vary Origin always;`
)

// noPreflight is what is wrong with one that is answered with a mistake and with the
// headers of every other answer.
var noPreflight = codes(explain.PreflightStatus, explain.AllowMethodsMissing, explain.AllowHeadersMissing, explain.MaxAgeMissing)

// TestDoctorOnNginx examines the system's nginx, set up well, and badly in ways that are
// found in tutorials and in answers to questions.
func TestDoctorOnNginx(t *testing.T) {
	api := serveSite(t, "127.0.0.1", items{}).Origin
	doubling := serveSite(t, "127.0.0.1", again{}).Origin
	nobody := "http://" + crossgate.FreeAddress(t)
	for _, p := range []patient{
		{"good", wellSet, reads, true, nil},
		{"good, with credentials", wellSet, readsAsOne, true, nil},
		{"good, and a preflight", wellSet, changes, true, nil},
		{"good, and a preflight with credentials", wellSet, changesAsOne, true, nil},
		{"good, and a token", wellSet, authorized, true, nil},
		{"good, and an error", wellSet, readsElse, true, nil},
		{"good, really changing something", wellSet, changesReally, true, nil},
		{"good, with subdomains", wellSetBut(whole, `"~^https://([a-z0-9-]+\.)+example\.com$" $http_origin;`), reads, true, nil},
		{"open to everybody", simply(`add_header Access-Control-Allow-Origin * always;`), reads, true, nil},

		{"add_header without always", simply(strings.ReplaceAll(forCORS, " always", "")), reads, true, codes(explain.ErrorHidden)},
		{"add_header without always, on an error", simply(strings.ReplaceAll(forCORS, " always", "")), readsElse, false, codes(explain.ErrorHidden)},
		{"nobody behind, without always", strings.ReplaceAll(simply(strings.ReplaceAll(forCORS, " always", "")), "API", nobody), reads, false, codes(explain.ErrorHidden)},
		{"nobody behind", wellSetBut("API", nobody), reads, true, nil},
		{"too large", simply(strings.ReplaceAll(forCORS, " always", "") + "client_max_body_size 1;"), []string{"-d", "two", "--send"}, false, codes(explain.ErrorHidden)},
		{
			"add_header within if takes the others away", "server { listen ADDRESS; location / {" + forCORS + "if ($request_method = OPTIONS) { add_header Access-Control-Max-Age 600; return 204; } proxy_pass API; } }", changes, false,
			codes(explain.AllowOriginMissing, explain.AllowMethodsMissing, explain.AllowHeadersMissing),
		},
		{"add_header in a location takes the others away", "server { listen ADDRESS;" + forCORS + "location / { add_header X-Frame-Options DENY; proxy_pass API; } }", reads, false, codes(explain.AllowOriginMissing)},
		{"doubled by the API and nginx", strings.ReplaceAll(simply(forCORS), "API", doubling), reads, false, codes(explain.AllowOriginDoubled)},
		{"add_header twice", simply(forCORS + forCORS), reads, false, codes(explain.AllowOriginDoubled)},

		{"wildcard with credentials", simply(`add_header Access-Control-Allow-Origin * always; add_header Access-Control-Allow-Credentials true always;`), readsAsOne, false, codes(explain.AllowOriginWildcard)},
		{"wildcard of headers with credentials", wellSetBut(`"Content-Type, Authorization"`, "*"), changesAsOne, false, codes(explain.AllowHeadersWildcard)},
		{"wildcard of methods with credentials", wellSetBut(`"GET, PUT"`, "*"), changesAsOne, false, codes(explain.AllowMethodsWildcard)},
		{"credentials left out", wellSetBut("add_header Access-Control-Allow-Credentials true always;", ""), readsAsOne, false, codes(explain.AllowCredentialsAbsent)},
		{"credentials written large", wellSetBut("Credentials true", "Credentials True"), readsAsOne, false, codes(explain.AllowCredentialsValue)},
		{"method left out", wellSetBut("GET, PUT", "GET, POST"), changes, false, codes(explain.AllowMethodsMissing)},
		{"method in small letters", wellSetBut("GET, PUT", "get, put"), changes, false, codes(explain.AllowMethodsCase)},
		{"header left out", wellSetBut("Content-Type, Authorization", "Authorization"), changes, false, codes(explain.AllowHeadersMissing)},
		{"list of headers with other marks", wellSetBut("Content-Type, Authorization", "Content-Type; Authorization"), changes, false, codes(explain.AllowHeadersInvalid)},
		{"no max age", wellSetBut("add_header Access-Control-Max-Age 600;", ""), changes, true, codes(explain.MaxAgeMissing)},
		{"max age with a unit", wellSetBut("Max-Age 600", "Max-Age 10m"), changes, true, codes(explain.MaxAgeInvalid)},
		{"max age of nothing", wellSetBut("Max-Age 600", "Max-Age 0"), changes, true, codes(explain.MaxAgeShort)},

		{"Vary left out", wellSetBut("add_header Vary Origin always;", ""), reads, true, codes(explain.VaryMissing)},
		{"list of origins", simply(`add_header Access-Control-Allow-Origin "https://app.example.com, https://www.example.com" always;`), reads, false, codes(explain.AllowOriginList)},
		{"list of origins with blanks", simply(`add_header Access-Control-Allow-Origin "https://www.example.com https://app.example.com" always;`), reads, false, codes(explain.AllowOriginList)},
		{"slash after the origin", simply(`add_header Access-Control-Allow-Origin https://app.example.com/ always;`), reads, false, codes(explain.AllowOriginSlash)},
		{"origin with its port", simply(`add_header Access-Control-Allow-Origin https://app.example.com:443 always;`), reads, false, codes(explain.AllowOriginPort)},
		{"origin with another scheme", simply(`add_header Access-Control-Allow-Origin http://app.example.com always;`), reads, false, codes(explain.AllowOriginScheme, explain.InsecureAllowed)},
		{"origin without a scheme", simply(`add_header Access-Control-Allow-Origin app.example.com always;`), reads, false, codes(explain.AllowOriginInvalid)},
		{"origin in other letters", simply(`add_header Access-Control-Allow-Origin https://App.Example.com always;`), reads, false, codes(explain.AllowOriginCase)},
		{"another origin", simply(`add_header Access-Control-Allow-Origin https://www.example.com always;`), reads, false, codes(explain.AllowOriginMismatch)},
		{"pattern as an origin", simply(`add_header Access-Control-Allow-Origin https://*.example.com always;`), reads, false, codes(explain.AllowOriginPattern)},
		{"null as an origin", simply(`add_header Access-Control-Allow-Origin null always;`), reads, false, codes(explain.AllowOriginNull, explain.NullAllowed)},
		{"nothing at all", simply(""), reads, false, codes(explain.AllowOriginMissing)},

		{"preflight to a file", "server { listen ADDRESS; root .;" + forCORS + "location = /items { try_files /items.json =404; } }", changes, false, noPreflight},
		{"preflight to nowhere", "server { listen ADDRESS;" + forCORS + "location / { if ($request_method = OPTIONS) { return 404; } proxy_pass API; } }", changes, false, noPreflight},
		{"preflight to an API that knows no OPTIONS", simply(forCORS), changes, false, noPreflight},
		{"preflight behind a password", simply(forCORS + `auth_basic "Staff"; auth_basic_user_file passwords;`), changes, false, noPreflight},
		{"preflight that is led to the slash", "server { listen ADDRESS; absolute_redirect off;" + forCORS + "location /items/ { proxy_pass API; } }", changes, false, codes(explain.PreflightRedirect)},
		{"preflight that is led to https", simply("if ($request_method = OPTIONS) { return 301 https://$host$request_uri; }" + forCORS), changes, false, codes(explain.PreflightRedirect)},
		{"preflight that is answered with nothing", simply("if ($request_method = OPTIONS) { return 200; }"), changes, false, codes(explain.PreflightIgnored)},
		{"preflight that is answered like the rest", simply("if ($request_method = OPTIONS) { return 200; }" + forCORS), changes, false, codes(explain.AllowMethodsMissing, explain.AllowHeadersMissing, explain.MaxAgeMissing)},
		{"redirect without the headers", simply("location = /items { return 302 /elsewhere; }"), reads, false, codes(explain.RedirectHidden)},

		{"everybody", wellSetBut(whole, `"~." $http_origin;`), reads, true, codes(explain.OriginReflected, explain.NullAllowed)},
		{"everybody, by the header itself", simply("add_header Access-Control-Allow-Origin $http_origin always;"), reads, true, codes(explain.OriginReflected, explain.NullAllowed, explain.VaryMissing)},
		{"null in the map", wellSetBut(whole, whole+` "null" $http_origin;`), reads, true, codes(explain.NullAllowed)},
		{"pattern without ends", wellSetBut(whole, `"~app\.example\.com" $http_origin;`), reads, true, codes(explain.LookAlikeAllowed, explain.InsecureAllowed)},
		{"pattern without a beginning", wellSetBut(whole, `"~example\.com$" $http_origin;`), changes, true, codes(explain.LookAlikeAllowed, explain.InsecureAllowed)},
		{"pattern without an end", wellSetBut(whole, `"~^https://app\.example\.com" $http_origin;`), reads, true, codes(explain.LookAlikeAllowed)},
		{"pattern with a bare dot", wellSetBut(whole, `"~^https://app.example.com$" $http_origin;`), reads, true, codes(explain.LookAlikeAllowed)},
		{"pattern of any beginning", wellSetBut(whole, `"~^https://.*example\.com$" $http_origin;`), reads, true, codes(explain.LookAlikeAllowed)},
		{"pattern for http", wellSetBut(whole, `"~^https?://app\.example\.com$" $http_origin;`), changes, true, codes(explain.InsecureAllowed)},
	} {
		t.Run(p.name, func(t *testing.T) {
			address := crossgate.FreeAddress(t)
			config := strings.NewReplacer("ADDRESS", address, "API", api).Replace(p.server)
			nginx.Start(t, address, config, map[string]string{"items.json": "[1,2,3]", "passwords": "ada:{PLAIN}secret\n"})
			holdPatient(t, "http://"+address+"/items", p)
		})
	}
}
