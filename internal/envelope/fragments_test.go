package envelope_test

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Fragments of envelopes: random sequences of them come nearer to being good, and to
// being bad in ways that matter, than random bytes do.
var (
	formFragments = []string{
		"$httpMethod", "%24httpMethod=", "$httpMethod=GET", "&", "=", "access_token", "&access_token=a.b", "&$httpHeaders=", "&$ct=", "&$ct=a/b", "&$body=", "$body",
		"A:b", "%0D%0A", "B:+c", "%0d", "%0A", "+", "%", "%2", "%zz", "%C3%A9", "%E2%82%AC", "%FF", "%00", "\x00", "\r\n", "x", ";", "[]", "A: d", strings.Repeat("y", 900), strings.Repeat("%7A", 3000),
	}
	partFragments = []string{
		"--b0undary", "\r\n--b0undary", "\r\n--b0undary\r\n", "\r\n--b0undary--\r\n", "\r\n", "\r", "\n", "--", "-", "\r\n--b0undar", "x", " ", ";", `"`, "\x00", "é", "\xff",
		"Content-Disposition: form-data; ", "content-disposition:form-data;", `name="$httpMethod"`, `name="access_token"`, `name="$httpHeaders"`, `name="$body"`, `name="title"`, "name=$body", `; filename="a"`, "Content-Type: a/b", "A: b",
		part("$httpMethod", "PUT"), part("access_token", "a.b"), part("$httpHeaders", "A: b"), part("$body", ""), part("$body", "x"), "\r\n\r\n", strings.Repeat("y", 900), strings.Repeat("z", 9000),
	}
)

// fragments is what a text of codes stands for: a start, and then a fragment or the code itself.
func fragments(codes []byte, start string, each []string) string {
	var b strings.Builder
	b.WriteString(start)
	for _, code := range codes {
		if int(code) < len(each) {
			b.WriteString(each[code])
		} else {
			b.WriteByte(code)
		}
	}
	return b.String()
}

func checkFragments(t *testing.T, codes []byte, seed uint64) {
	checkForm(t, fragments(codes, "$httpMethod=", formFragments), seed)
	checkForm(t, fragments(codes, "", formFragments), seed)
	checkParts(t, fragments(codes, "--b0undary\r\n"+part("$httpMethod", "GET"), partFragments), seed)
	checkParts(t, fragments(codes, "--b0undary\r\n", partFragments), seed)
}

// TestFragments is a short and repeatable FuzzFragments.
func TestFragments(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a test
	for range 2000 {
		codes := make([]byte, random.IntN(12))
		for i := range codes {
			codes[i] = byte(random.IntN(len(partFragments)))
		}
		checkFragments(t, codes, random.Uint64())
	}
}

// FuzzFragments: FuzzForm and FuzzMultipart, on sequences of fragments.
func FuzzFragments(f *testing.F) {
	f.Add([]byte{2, 30, 2, 31, 3}, uint64(1))
	f.Add([]byte{1, 6, 7, 12, 13, 14, 9, 10, 27}, uint64(2))
	f.Fuzz(checkFragments)
}
