package preflight_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

// pairs makes headers of names and values that alternate.
func pairs(text ...string) []preflight.Header {
	var all []preflight.Header
	for pair := range slices.Chunk(text, 2) {
		all = append(all, preflight.Header{Name: pair[0], Value: pair[1]})
	}
	return all
}

// repeated makes a number of equal headers, and those of pairs behind them.
func repeated(name string, times int, value string, more ...string) []preflight.Header {
	return append(slices.Repeat(pairs(name, value), times), pairs(more...)...)
}

// Fetch standard, section 2.2.2, "CORS-unsafe request-header names".
func TestUnsafeNames(t *testing.T) {
	long := strings.Repeat("a", preflight.MaxSafelistedValue)
	tests := []struct {
		name    string
		headers []preflight.Header
		want    string
	}{
		{"none", nil, ""},
		{"another name", pairs("X-Foo", "1"), "x-foo"},
		{"sorted, in lower case, each once", pairs("X-Foo", "1", "Authorization", "x", "x-foo", "2", "If-Match", "*"), "authorization,if-match,x-foo"},

		{"accept", pairs("Accept", "application/json;q=0.9, */*"), ""},
		{"accept: blanks around it are not part of it", pairs("Accept", "\r\n\t a \t\r\n"), ""},
		{"accept: a tab is safe", pairs("Accept", "a\tb"), ""},
		{"accept: bytes beyond ASCII are safe", pairs("Accept", "\xe4\xff"), ""},
		{"accept: an unsafe byte", pairs("Accept", `a"b`), "accept"},
		{"accept: a control character", pairs("Accept", "a\x01b"), "accept"},
		{"accept: delete", pairs("Accept", "a\x7f"), "accept"},
		{"128 bytes", pairs("Accept", long), ""},
		{"129 bytes", pairs("Accept", long+"a"), "accept"},
		{"128 bytes without the blanks", pairs("Accept", " "+long+" "), ""},

		{"languages", pairs("Accept-Language", "de-CH, en;q=0.5, *", "Content-Language", "de.x=1"), ""},
		{"languages: an underscore", pairs("Accept-Language", "de_CH"), "accept-language"},
		{"languages: a tab", pairs("Content-Language", "de,\ten"), "content-language"},
		{"languages: a byte beyond ASCII", pairs("Content-Language", "\xe4"), "content-language"},

		{"a form's type", pairs("Content-Type", "application/x-www-form-urlencoded"), ""},
		{"a form with files' type", pairs("Content-Type", "multipart/form-data; boundary=x"), ""},
		{"text", pairs("Content-Type", "Text/PLAIN ; charset=utf-8"), ""},
		{"text with anything for a parameter", pairs("Content-Type", "text/plain;,;;= application/json"), ""},
		{"json", pairs("Content-Type", "application/json"), "content-type"},
		{"an empty type", pairs("Content-Type", ""), "content-type"},
		{"two types in one value", pairs("Content-Type", "text/plain, application/json"), "content-type"},
		{"blanks within the essence", pairs("Content-Type", "text/ plain"), "content-type"},
		{"a quote in a parameter", pairs("Content-Type", `text/plain;charset="utf-8"`), "content-type"},
		{"a name that is given twice is judged each time by itself", pairs("Accept", long, "accept", long), ""},
		{"a name that is given twice, once with an unsafe value", pairs("Accept", "a", "accept", "(", "ACCEPT", "b"), "accept"},
		{"a long type", pairs("Content-Type", "text/plain;a="+long), "content-type"},

		{"a range", pairs("Range", "bytes=0-499"), ""},
		{"a range without an end", pairs("Range", "bytes=500-"), ""},
		{"the last bytes", pairs("Range", "bytes=-500"), "range"},
		{"two ranges", pairs("Range", "bytes=0-1,4-5"), "range"},
		{"a range that runs backwards", pairs("Range", "bytes=10-9"), "range"},
		{"a range of zeros", pairs("Range", "bytes=0010-9"), "range"},
		{"a range of large numbers", pairs("Range", "bytes=99999999999999999999998-99999999999999999999999"), ""},
		{"a unit in capitals", pairs("Range", "Bytes=0-1"), "range"},
		{"a blank in a range", pairs("Range", "bytes= 0-1"), "range"},
		{"no range", pairs("Range", "bytes"), "range"},
		{"a range of nothing", pairs("Range", "bytes=-"), "range"},

		{"1024 bytes together", repeated("Accept", 8, long, "Range", "bytes=-1"), "range"},
		{"1025 bytes together: all that are safelisted count, too", append(repeated("Accept", 8, long, "X-A", "1"), pairs("Content-Language", "a")...), "accept,content-language,x-a"},
		{"1025 bytes together: what is unsafe is not added up", repeated("Accept", 8, long, "Accept-Language", "_"), "accept-language"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := slices.Clone(tt.headers)
			if got := strings.Join(preflight.UnsafeNames(tt.headers), ","); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if !slices.Equal(given, tt.headers) {
				t.Error("its argument was changed")
			}
		})
	}
}
