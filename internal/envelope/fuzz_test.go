package envelope_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/envelope"
)

// addWires gives a fuzz target the bodies of real clients for seeds.
func addWires(f *testing.F, add func(contentType, body string)) {
	f.Helper()
	files, err := filepath.Glob(wireFiles)
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		contentType, body, _ := strings.Cut(string(text), "\n")
		add(contentType, body)
	}
}

// shreds gives a body in pieces of random size, and its end with the last or after it.
type shreds struct {
	text   string
	random *rand.Rand
}

func (s *shreds) Read(p []byte) (int, error) {
	sizes := []int{1, 2, 5, 30, 500, 20_000}
	n := min(len(p), len(s.text), 1+s.random.IntN(sizes[s.random.IntN(len(sizes))]))
	copy(p, s.text[:n])
	s.text = s.text[n:]
	if s.text == "" && (n == 0 || s.random.IntN(2) == 0) {
		return n, io.EOF
	}
	return n, nil
}

// openAnyhow opens a body in one piece and in shreds, with its length known and not, and
// checks that nothing of it depends on that. It returns what it is.
func openAnyhow(t *testing.T, contentType, body string, seed uint64) result {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test
	want := open(t, contentType, strings.NewReader(body), int64(len(body)))
	for _, r := range []result{
		open(t, contentType, &shreds{body, random}, int64(len(body))),
		open(t, contentType, &shreds{body, random}, -1),
	} {
		if r.Length == -1 || r.Fault != "" {
			r.Length = want.Length
		}
		if r.Fault != "" && want.Fault != "" { // shreds may be refused in Open or, later, in Read
			r.Controls, r.Body, r.Fault = want.Controls, want.Body, want.Fault
		}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Fatalf("%q is read in two ways:\n%s", body, diff)
		}
	}
	if want.Controls == nil && want.Body != body {
		t.Fatalf("the ordinary body %q became %q", body, want.Body)
	}
	return want
}

// FuzzForm: forms are read as a naive reader does, and faults where it finds any.
func FuzzForm(f *testing.F) {
	addWires(f, func(contentType, body string) {
		if envelope.KindOf(contentType) == envelope.Form {
			f.Add(body, uint64(1))
		}
	})
	for _, body := range []string{
		"$httpMethod", "$httpMethod=GET&", "%24httpMethod=%2", "$httpMethod=GET&$body=%zz", "$httpMethod=GET&$body=a&b", "&$httpMethod=GET", "$httpMethod=GET&$httpHeaders=A:b%0D%0AB:+%FF&$ct=a/b&$body",
		"$httpMethod=GET&access_token=a&access_token=b", "$httpMethod=%00&$ct=+", "$httpMethod=GET&$httpHeaders=A:b%0D%0Aa:b%0D%0A", "$httpMethod=GET&$httpHeaders=A:%C3%A9%0D%0A+b", "$httpMethod=GET&$ct=a/b&$httpHeaders=",
	} {
		f.Add(body, uint64(2))
	}
	f.Fuzz(checkForm)
}

func checkForm(t *testing.T, body string, seed uint64) {
	got := openAnyhow(t, formType, body, seed)
	want := naiveForm(body)
	if (want.Fault != "") != (got.Fault != "") {
		t.Fatalf("%q: the fault is %q; the naive reader finds %q", body, got.Fault, want.Fault)
	}
	if got.Fault != "" {
		return
	}
	want.Length = got.Length // tested elsewhere
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q: (-naive +got)\n%s", body, diff)
	}
}

// naiveForm reads a form that it has the whole of.
func naiveForm(body string) result {
	pairs := strings.Split(body, "&")
	first, _, _ := strings.Cut(pairs[0], "=")
	if name, err := url.QueryUnescape(first); err != nil || name != "$httpMethod" {
		return result{Body: body}
	}
	c, text, size, order := envelope.Controls{Kind: envelope.Form}, "", 0, " $httpMethod access_token $httpHeaders $ct $body "
	for i, pair := range pairs {
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(rawName)
		value, err2 := url.QueryUnescape(rawValue)
		_, after, known := strings.Cut(order, " "+name+" ")
		size += len(pair) + 1
		switch {
		case err1 != nil || err2 != nil || name == "" || strings.Contains(name, " ") || !known:
			return result{Fault: "a bad name or percent code"}
		case name == "$body" && i < len(pairs)-1:
			return result{Fault: "a field after $body"}
		case name == "$body":
			size -= len(rawValue) + 1
			c.HasBody, text = true, value
		}
		if i == len(pairs)-1 && name != "$body" {
			size--
		}
		if size > envelope.MaxControlBytes || name != "$body" && !naiveControl(&c, name, value) {
			return result{Fault: "a bad value"}
		}
		order = " " + after
	}
	return result{Controls: &c, Body: text}
}

var (
	naiveText   = regexp.MustCompile(`^[^\x00\r\n]*$`)
	naiveType   = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`)
	naiveHeader = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*)$")
)

// naiveControl sets a control, if its value is good.
func naiveControl(c *envelope.Controls, name, value string) bool {
	if strings.ToValidUTF8(value, "") != value {
		return false
	}
	switch name {
	case "$httpMethod":
		c.Method = value
	case "access_token":
		c.Token, c.HasToken = value, true
	case "$ct":
		c.ContentType = value
		return naiveType.MatchString(value)
	case "$httpHeaders":
		return naiveHeaders(c, value)
	}
	return naiveText.MatchString(value)
}

func naiveHeaders(c *envelope.Controls, text string) bool {
	if text == "" {
		return true
	}
	names := map[string]bool{}
	lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
	for _, line := range lines {
		m := naiveHeader.FindStringSubmatch(line)
		if m == nil || names[strings.ToLower(m[1])] || len(lines) > envelope.MaxFields || len(text) > envelope.MaxFieldBytes {
			return false
		}
		names[strings.ToLower(m[1])] = true
		value := []byte{}
		for _, r := range strings.Trim(m[2], " \t") {
			if r > 0xff {
				return false
			}
			value = append(value, byte(r))
		}
		c.Fields = append(c.Fields, envelope.Field{Name: m[1], Value: string(value)})
	}
	return true
}

// FuzzMultipart: what is read of a multipart body is what mime/multipart reads in it.
func FuzzMultipart(f *testing.F) {
	addWires(f, func(contentType, body string) {
		if envelope.KindOf(contentType) == envelope.Multipart {
			_, boundary, _ := strings.Cut(contentType, "boundary=")
			f.Add(strings.ReplaceAll(body, boundary, "b0undary"), uint64(1))
		}
	})
	method, token := part("$httpMethod", "PUT"), part("access_token", "x")
	for _, body := range []string{
		parts(method, token, part("$httpHeaders", "A: b\r\n"), part("$body", "x\r\n--b0undarx")), parts(method, part("$body", "\r\n--b0undary--\r\n")),
		parts(method, part("$body", "--b0undary--")), parts(method, "\r\n"), parts(method, token, token), parts(method) + "\r\n", parts("X: y\r\n" + method),
		parts(method, "Content-Disposition: form-data; name=\"$body\"; filename=\"a;b\"\r\nContent-Type: a/b\r\n\r\nx"), parts(part("title", "x"), method),
	} {
		f.Add(body, uint64(2))
	}
	f.Fuzz(checkParts)
}

func checkParts(t *testing.T, body string, seed uint64) {
	got := openAnyhow(t, partsType, body, seed)
	if got.Controls == nil || got.Fault != "" {
		return
	}
	want, err := goParts(body)
	if err != nil {
		t.Fatalf("%q was read; mime/multipart finds: %v", body, err)
	}
	if diff := cmp.Diff(want, result{Controls: got.Controls, Body: got.Body}); diff != "" {
		t.Errorf("%q: (-mime/multipart +got)\n%s", body, diff)
	}
}

// goParts is what mime/multipart finds.
func goParts(body string) (result, error) {
	c, found := &envelope.Controls{Kind: envelope.Multipart}, ""
	r := multipart.NewReader(strings.NewReader(body), "b0undary")
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return result{Controls: c, Body: found}, nil
		}
		if err != nil {
			return result{}, err
		}
		text, err := io.ReadAll(p)
		if err != nil {
			return result{}, err
		}
		switch name := p.FormName(); {
		case c.HasBody:
			return result{}, errors.New("a part after $body")
		case name == "$body":
			c.HasBody, found, c.ContentType = true, string(text), p.Header.Get("Content-Type")
		case !naiveControl(c, name, string(text)):
			return result{}, errors.New("a bad value")
		}
	}
}

// FuzzRoundTrip: what mime/multipart writes is read again, unless the boundary is in it.
func FuzzRoundTrip(f *testing.F) {
	f.Add("PATCH", "up.token", "A: b", "text/plain", "body", uint64(1))
	f.Add("GET", "", "", "", "", uint64(2))
	f.Add("PUT", "x", "A: b\r\nC: \u00e9", "a/b", "--b0undary", uint64(3))
	f.Add("PUT", "x", "A: b\r\nC: d", "a/b", "x\r\n--b0undary", uint64(4))
	f.Add("PUT", "x", "", "a/b", strings.Repeat("\r\n--b0undar", 5000), uint64(5))
	f.Fuzz(func(t *testing.T, method, token, headers, contentType, body string, seed uint64) {
		want := result{Controls: &envelope.Controls{Kind: envelope.Multipart, HasBody: contentType != "", ContentType: contentType}, Body: body, Length: int64(len(body))}
		if contentType == "" {
			want.Body, want.Length = "", 0
		}
		all := strings.Join([]string{"", method, token, headers, contentType, want.Body}, "\r\n")
		good := !strings.Contains(all, "\r\n--b") && len(all) < 8<<10+len(want.Body) &&
			naiveControl(want.Controls, "$httpMethod", method) && naiveControl(want.Controls, "access_token", token) && naiveControl(want.Controls, "$httpHeaders", headers) &&
			(contentType == "" || naiveType.MatchString(contentType))
		if !good {
			return
		}
		outer, wire := goMultipart(t, method, token, headers, contentType, body)
		boundary := strings.TrimPrefix(outer, "multipart/form-data; boundary=")
		wire = strings.ReplaceAll(wire, boundary, "b0undary")
		if diff := cmp.Diff(want, openAnyhow(t, partsType, wire, seed)); diff != "" {
			t.Errorf("(-written +read)\n%s", diff)
		}
	})
}

// FuzzKindOf: a carrier's type is read in the same way by mime.ParseMediaType.
func FuzzKindOf(f *testing.F) {
	addWires(f, func(contentType, _ string) { f.Add(contentType) })
	f.Add(`multipart/form-data; boundary="a b'()+_,-./:=?z"`)
	f.Add(`application/x-www-form-urlencoded ; CHARSET="utf-8"`)
	f.Fuzz(func(t *testing.T, contentType string) {
		kind := envelope.KindOf(contentType)
		if kind == envelope.None {
			return
		}
		media, parameters, err := mime.ParseMediaType(contentType)
		want := map[envelope.Kind]string{envelope.Form: "application/x-www-form-urlencoded", envelope.Multipart: "multipart/form-data"}[kind]
		if err != nil || media != want || len(parameters) > 1 || kind == envelope.Multipart && parameters["boundary"] == "" ||
			kind == envelope.Form && len(parameters) == 1 && !strings.EqualFold(parameters["charset"], "utf-8") {
			t.Errorf("KindOf(%q) = %d; mime finds %q %v %v", contentType, kind, media, parameters, err)
		}
	})
}
