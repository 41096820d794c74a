package envelope_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/envelope"
)

// TestFields: what is good in $httpHeaders, to the edge of its limits.
func TestFields(t *testing.T) {
	longest := strings.Repeat("x", 8<<10-3)
	for name, c := range map[string]struct {
		text string
		want []envelope.Field
	}{
		"none":                    {"", nil},
		"one":                     {"A: b", []envelope.Field{{Name: "A", Value: "b"}}},
		"a CRLF at the end":       {"A: b\r\n", []envelope.Field{{Name: "A", Value: "b"}}},
		"two, in their order":     {"B: a\r\nA: b", []envelope.Field{{Name: "B", Value: "a"}, {Name: "A", Value: "b"}}},
		"no blank":                {"A:b", []envelope.Field{{Name: "A", Value: "b"}}},
		"blanks around":           {"A: \t b \t", []envelope.Field{{Name: "A", Value: "b"}}},
		"blanks within":           {"A: b \t c", []envelope.Field{{Name: "A", Value: "b \t c"}}},
		"no value":                {"A:", []envelope.Field{{Name: "A"}}},
		"blanks for a value":      {"A: \t", []envelope.Field{{Name: "A"}}},
		"colons":                  {"A::b:c", []envelope.Field{{Name: "A", Value: ":b:c"}}},
		"every byte of a name":    {"!#$%&'*+-.^_`|~09azAZ: b", []envelope.Field{{Name: "!#$%&'*+-.^_`|~09azAZ", Value: "b"}}},
		"code points for bytes":   {"A: \u0080\u00e9\u00ff", []envelope.Field{{Name: "A", Value: "\x80\xe9\xff"}}},
		"as long as they may be":  {"A: " + longest, []envelope.Field{{Name: "A", Value: longest}}},
		"names that begin alike":  {"A: b\r\nAB: c", []envelope.Field{{Name: "A", Value: "b"}, {Name: "AB", Value: "c"}}},
		"a no-break space around": {"A: \u00a0b\u0085", []envelope.Field{{Name: "A", Value: "\xa0b\x85"}}},
	} {
		t.Run(name, func(t *testing.T) {
			form := "$httpMethod=GET&$httpHeaders=" + url.QueryEscape(c.text)
			for contentType, body := range map[string]string{formType: form, partsType: parts(part("$httpMethod", "GET"), part("$httpHeaders", c.text))} {
				got := open(t, contentType, strings.NewReader(body), int64(len(body)))
				if diff := cmp.Diff(c.want, got.Controls.Fields); diff != "" || got.Fault != "" {
					t.Errorf("%s: fault %q (-want +got)\n%s", contentType, got.Fault, diff)
				}
			}
		})
	}
}

func TestSixtyFourFields(t *testing.T) {
	got := open(t, formType, strings.NewReader("$httpMethod=GET&$httpHeaders="+headerLines(64)), -1)
	if got.Fault != "" || len(got.Controls.Fields) != envelope.MaxFields {
		t.Errorf("%d fields, fault %q", len(got.Controls.Fields), got.Fault)
	}
}

// TestControlBytes: 16 KiB of controls are good, one more is not, in both formats; the
// body has no share in it.
func TestControlBytes(t *testing.T) {
	for contentType, envelopeOf := range map[string]func(token string) string{
		formType:  func(token string) string { return "$httpMethod=GET&access_token=" + token + "&$body=" },
		partsType: func(token string) string { return parts(part("$httpMethod", "GET"), part("access_token", token)) },
	} {
		used := len(envelopeOf("")) - map[string]int{partsType: len("--\r\n")}[contentType]
		most := envelope.MaxControlBytes - used
		for size, want := range map[int]bool{most - 1: true, most: true, most + 1: false} {
			body := envelopeOf(strings.Repeat("x", size))
			if contentType == formType {
				body += strings.Repeat("y", 1000)
			}
			got := open(t, contentType, strings.NewReader(body), int64(len(body)))
			if (got.Fault == "") != want {
				t.Errorf("%s: a token of %d bytes, of %d that have room: fault %q", contentType, size, most, got.Fault)
			}
		}
	}
}
