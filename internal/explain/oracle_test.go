package explain

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

const oraclePage = "https://app.example.com"

// TestCORSCheckOracle holds the CORS check against a naive restatement of the standard,
// with a million random headers.
func TestCORSCheckOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 9))
	passed := 0
	for range 1_000_000 {
		r := &Response{Status: 200, Header: randomFields(random)}
		w := &walker{call: Call{Origin: oraclePage, Credentials: random.IntN(2) == 0}, step: StepAnswer}
		want := naiveCORSCheck(oraclePage, w.call.Credentials, r.Header)
		got := w.corsCheck(r)
		if got != want || (w.verdict.Outcome == Blocked) == got {
			t.Fatalf("%q with credentials %t: passes %t, and should %t; verdict %v", r.Header, w.call.Credentials, got, want, w.verdict)
		}
		if got {
			passed++
		}
	}
	if passed < 10_000 || passed > 990_000 {
		t.Errorf("%d of them passed: they are not random enough", passed)
	}
}

// randomFields makes up to five lines, most of which have to do with the CORS check.
func randomFields(random *rand.Rand) [][2]string {
	names := []string{allowOrigin, allowOrigin, strings.ToLower(allowOrigin), allowCredentials, strings.ToUpper(allowCredentials), "Vary"}
	values := []string{
		oraclePage, oraclePage, oraclePage, "*", "true", "true", "null", "", "True", oraclePage + "/", "https://app.example.co", "https://App.example.com",
		oraclePage + ":443", "http://app.example.com", oraclePage + ", " + oraclePage, "https://*.example.com", "*, *", "\x00", "é",
	}
	blanks := []string{"", "", "", " ", "\t", " \t "}
	fields := make([][2]string, random.IntN(5))
	for i := range fields {
		value := values[random.IntN(len(values))]
		if random.IntN(8) == 0 && value != "" {
			at := random.IntN(len(value))
			value = value[:at] + string(rune(random.IntN(128))) + value[at+1:]
		}
		fields[i] = [2]string{names[random.IntN(len(names))], blanks[random.IntN(len(blanks))] + value + blanks[random.IntN(len(blanks))]}
	}
	return fields
}

// naiveGet says again, word for word, what the standard says ("get" of a header list).
func naiveGet(fields [][2]string, name string) (string, bool) {
	var values []string
	for _, f := range fields {
		if strings.ToLower(f[0]) == name {
			value := f[1]
			for value != "" && strings.ContainsRune("\t\n\r ", rune(value[0])) {
				value = value[1:]
			}
			for value != "" && strings.ContainsRune("\t\n\r ", rune(value[len(value)-1])) {
				value = value[:len(value)-1]
			}
			values = append(values, value)
		}
	}
	return strings.Join(values, ", "), values != nil
}

// naiveCORSCheck: Fetch standard, "CORS check", step by step.
func naiveCORSCheck(serialized string, include bool, fields [][2]string) bool {
	origin, ok := naiveGet(fields, "access-control-allow-origin")
	if !ok {
		return false
	}
	if !include && origin == "*" {
		return true
	}
	if serialized != origin {
		return false
	}
	if !include {
		return true
	}
	credentials, _ := naiveGet(fields, "access-control-allow-credentials")
	return credentials == "true"
}

// TestPreflightOracle holds the rules on the lists of a preflight's answer against a naive
// restatement of the standard.
func TestPreflightOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 8))
	elements := []string{"PUT", "put", "PATCH", "x-a", "X-A", "X-B", "*", "", "Authorization", "GET", "a b", `"PUT"`, "x:a", "é"}
	list := func() string {
		var all []string
		for range random.IntN(4) {
			all = append(all, elements[random.IntN(len(elements))])
		}
		return strings.Join(all, []string{",", ", ", " ,\t"}[random.IntN(3)])
	}
	methods, asked := []string{"PUT", "GET", "PATCH", "put"}, []string{"", "x-a", "x-a,x-b", "authorization"}
	passed := 0
	for range 300_000 {
		r := &Response{Status: 204, Header: [][2]string{{allowMethods, list()}, {allowHeaders, list()}}}
		w := &walker{call: Call{Origin: oraclePage, Credentials: random.IntN(2) == 0}, step: StepPreflight}
		method, names := methods[random.IntN(len(methods))], asked[random.IntN(len(asked))]
		w.methods(r, method)
		w.headers(r, names)
		want := naiveLists(r.Header, method, names, w.call.Credentials)
		if got := w.verdict.Outcome != Blocked; got != want {
			t.Fatalf("%q for %s and %q with credentials %t: passes %t, and should %t (%v)", r.Header, method, names, w.call.Credentials, got, want, w.verdict)
		}
		if want {
			passed++
		}
	}
	if passed < 3_000 {
		t.Errorf("%d passed: they are not random enough", passed)
	}
}

// naiveLists: Fetch standard, "CORS-preflight fetch", the steps on methods and headers;
// but for Authorization, where every engine still takes * for it.
func naiveLists(fields [][2]string, method, asked string, include bool) bool {
	methods, ok := naiveExtract(fields, "access-control-allow-methods")
	names, ok2 := naiveExtract(fields, "access-control-allow-headers")
	if !ok || !ok2 {
		return false
	}
	if !slices.Contains(methods, method) && method != "GET" && method != "HEAD" && method != "POST" && (include || !slices.Contains(methods, "*")) {
		return false
	}
	for i := range names {
		names[i] = strings.ToLower(names[i])
	}
	for _, name := range strings.Split(asked, ",") {
		if name != "" && !slices.Contains(names, name) && (include || !slices.Contains(names, "*")) {
			return false
		}
	}
	return true
}

// naiveExtract: Fetch standard, "extract header list values".
func naiveExtract(fields [][2]string, name string) ([]string, bool) {
	value, _ := naiveGet(fields, name)
	var all []string
	for _, element := range strings.Split(value, ",") {
		element = strings.Trim(element, " \t")
		for _, c := range []byte(element) {
			if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
				return nil, false
			}
		}
		if element != "" {
			all = append(all, element)
		}
	}
	return all, true
}

// FuzzJudgeCall: nothing panics, a verdict has its finding, and none of the secrets of a
// call gets into the report.
func FuzzJudgeCall(f *testing.F) {
	f.Add("PUT", "X-A", uint16(204), "Access-Control-Allow-Methods", "PUT", uint16(302), "Location", "//b.example/x?y=1", true, "", "cors")
	f.Add("POST", "Authorization", uint16(200), "Access-Control-Max-Age", "x", uint16(200), "Set-Cookie", "a=b; SameSite", false, "manual", "no-cors")
	f.Fuzz(func(t *testing.T, method, name string, status uint16, field, value string, status2 uint16, field2, value2 string, credentials bool, redirect, mode string) {
		allow := [][2]string{{allowOrigin, oraclePage}, {allowCredentials, "true"}}
		c := Call{
			Request: preflight.Request{Method: method, Headers: []preflight.Header{{Name: name, Value: "secret"}}, Mode: preflight.Mode(mode)},
			Origin:  oraclePage, Target: parsed("https://api.example.com/x?access_token=secret"), Credentials: credentials, Redirect: RedirectMode(redirect),
			Preflight: &Response{Status: int(status), Header: append(allow[:2:2], [2]string{field, value})},
			Response:  &Response{Status: int(status2), Header: append(allow[:2:2], [2]string{field2, value2})},
			Redirects: []Hop{{Response: &Response{Status: 200, Header: [][2]string{{allowOrigin, "*"}}}}},
		}
		checkReport(t, JudgeCall(c))
	})
}
