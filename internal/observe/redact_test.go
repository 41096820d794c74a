package observe

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "GET /a/b from 127.0.0.1", "GET /a/b from 127.0.0.1"},
		{"a token of ours", "no cgt_0123456789abcDEF here", "no cgt_[cut] here"},
		{"a ticket", "cgk_abc.def-ghi", "cgk_[cut]"},
		{"a key", "/a/cga_abc/b", "/a/cga_[cut]/b"},
		{"percent-encoded", "cgt%5Fabc", "cgt%5F[cut]"},
		{"in a query", "/a?access_token=abc&b=c", "/a?access_token=[cut]&b=c"},
		{"in capitals", "/a?ACCESS_TOKEN=abc;b", "/a?ACCESS_TOKEN=[cut];b"},
		{"encoded twice", "access_token%3Dabc", "access_token%3D[cut]"},
		{"another parameter", "refresh_token=abc", "refresh_token=[cut]"},
		{"in a header", "Authorization: Bearer abc.def", "Authorization: Bearer [cut]"},
		{"in lower case", `"basic dXNlcjpwYXNz"`, `"basic [cut]"`},
		{"twice", "cgt_a and cgt_b", "cgt_[cut] and cgt_[cut]"},
		{"a word like it", "the bearer", "the bearer"},
		{"short", "cg", "cg"},
		{"empty", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Redact(tt.text); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// Whatever stands around a token, it is cut.
func FuzzRedact(f *testing.F) {
	const secret = "cgt_4fzzzAAAA0123456789"
	f.Add("before ", " after")
	f.Add("access_token=", "&")
	f.Add("Bearer ", "\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.Contains(before+after, secret[4:]) {
			t.Skip("the rest of the text holds it, too, without its prefix")
		}
		if got := Redact(before + secret + after); strings.Contains(got, secret) {
			t.Errorf("%q", got)
		}
	})
}

// Text without secrets, which is nearly all of it, costs no allocation.
func TestRedactIsCheapWhereThereIsNothing(t *testing.T) {
	path := "/api/v2/discussions/7/comments?page=2"
	if n := testing.AllocsPerRun(100, func() { _ = Redact(path) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
