package gate

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// A reader is how one family of servers finds the access tokens of a query.
type reader struct {
	name string
	read func(query string) []string
}

// lenient decodes as servers do that leave broken percent codes as text.
func lenient(s string) string {
	text, _ := formDecode(s)
	return text
}

// pairs splits a query at separators, and each pair at its first =.
func pairs(query, separators string, each func(key, value string)) {
	for _, pair := range strings.FieldsFunc(query, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		key, value, _ := strings.Cut(pair, "=")
		each(lenient(key), lenient(value))
	}
}

func readWith(separators string, key func(string) string) func(string) []string {
	return func(query string) (found []string) {
		pairs(query, separators, func(k, v string) {
			if key(k) == tokenKey {
				found = append(found, v)
			}
		})
		return found
	}
}

// phpKey is php_register_variable_ex: leading blanks go, blanks and dots become
// underscores up to a bracket, an unclosed bracket too, and a NUL ends the key.
func phpKey(k string) string {
	k, _, _ = strings.Cut(strings.TrimLeft(k, " "), "\x00")
	name, rest, bracket := strings.Cut(k, "[")
	name = strings.NewReplacer(" ", "_", ".", "_").Replace(name)
	if bracket && !strings.Contains(rest, "]") {
		return name + "_" + rest
	}
	return name
}

// rackKey is Rack's normalize_params: leading brackets go, and a name ends at the
// next one.
func rackKey(k string) string {
	name := strings.TrimLeft(strings.TrimLeft(k, " "), "[]")
	if i := strings.IndexAny(name, "[]"); i >= 0 {
		name = name[:i]
	}
	return name
}

// qsKey is Node's qs, which takes a first bracket for the name where nothing stands
// before it.
func qsKey(k string) string {
	name, rest, _ := strings.Cut(k, "[")
	if name == "" {
		name, _, _ = strings.Cut(rest, "]")
	}
	return name
}

func identity(k string) string { return k }

var readers = []reader{
	{"PHP", readWith("&", phpKey)},
	{"Rack", readWith("&;", rackKey)},
	{"WSGI, old", readWith("&;", identity)},
	{"WSGI", readWith("&", identity)},
	{"Node querystring", readWith("&", identity)},
	{"Node qs", readWith("&", qsKey)},
	{"URLSearchParams", func(query string) []string { return readWith("&", identity)(strings.TrimPrefix(query, "?")) }},
	{"servlet", readWith("&", strings.TrimSpace)},
	{"ASP.NET", readWith("&", func(k string) string { return strings.ToLower(withoutUnicodeEscapes(k)) })},
	{"Go", func(query string) []string {
		values, _ := url.ParseQuery(query)
		return values[tokenKey]
	}},
}

// checkReaders holds cutToken to its promise: of a query that is not refused, every
// server reads the same token before, and none after.
func checkReaders(t *testing.T, query string) {
	t.Helper()
	cut := cutToken(query)
	if cut.bad {
		return
	}
	for _, r := range readers {
		if left := r.read(cut.rest); len(left) > 0 {
			t.Fatalf("%q is cut to %q, and %s still reads %q", query, cut.rest, r.name, left)
		}
		found := r.read(query)
		if !cut.found && len(found) > 0 {
			t.Fatalf("%q: no token is seen, and %s reads %q", query, r.name, found)
		}
		for _, value := range found {
			if withoutBearer(value) != cut.value && r.name != "Rack" && r.name != "WSGI, old" {
				t.Fatalf("%q: the token is %q, and %s reads %q", query, cut.value, r.name, value)
			}
		}
	}
	if !cut.found && cut.rest != query {
		t.Fatalf("%q without a token became %q", query, cut.rest)
	}
	checkRest(t, query, cut)
}

// checkRest makes sure that exactly one pair was cut, and nothing else touched.
func checkRest(t *testing.T, query string, cut queryToken) {
	t.Helper()
	if !cut.found {
		return
	}
	before, after := strings.Split(query, "&"), strings.Split(cut.rest, "&")
	if cut.rest == "" && len(before) == 1 {
		return
	}
	for i := range before {
		if slices.Equal(slices.Delete(slices.Clone(before), i, i+1), after) {
			return
		}
	}
	t.Fatalf("%q without its token became %q", query, cut.rest)
}

var queryPieces = []string{
	"access_token", "Access_Token", "access.token", "access token", "access", "_token", "%61ccess_token", "access%5Ftoken",
	"access%5ftoke%6e", "=", "=", "&", "&", ";", "+", "%20", "%2e", "[", "]", "%5B", "%u005f", "%00", "%", "%zz", "a", "b=1", "T0ken", "Bearer%20T", "?", "#", "\t", "%09", "%0a",
}

func TestEveryServerReadsTheSameToken(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(queryPieces[r.IntN(len(queryPieces))])
		}
		checkReaders(t, b.String())
	}
}

func FuzzCutToken(f *testing.F) {
	for _, q := range []string{"access_token=a&b=c", "a;access_token=b", "%61ccess_token=a", "access_token[]=1", "+access.token=1"} {
		f.Add(q)
	}
	f.Fuzz(checkReaders)
}
