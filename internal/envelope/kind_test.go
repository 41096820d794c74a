package envelope_test

import (
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/envelope"
)

// TestKindOf: a type of which servers could disagree is no carrier.
func TestKindOf(t *testing.T) {
	seventy := strings.Repeat("b", 70)
	for contentType, want := range map[string]envelope.Kind{
		"application/x-www-form-urlencoded":                                  envelope.Form,
		"Application/X-WWW-Form-URLEncoded":                                  envelope.Form,
		" application/x-www-form-urlencoded\t":                               envelope.Form,
		"application/x-www-form-urlencoded;charset=utf-8":                    envelope.Form,
		"application/x-www-form-urlencoded ; Charset=UTF-8 ":                 envelope.Form,
		`application/x-www-form-urlencoded; charset="Utf-8"`:                 envelope.Form,
		"application/x-www-form-urlencoded;":                                 envelope.None,
		"application/x-www-form-urlencoded; charset=utf8":                    envelope.None,
		"application/x-www-form-urlencoded; charset=iso-8859-1":              envelope.None,
		"application/x-www-form-urlencoded; charset =utf-8":                  envelope.None,
		"application/x-www-form-urlencoded; charset= utf-8":                  envelope.None,
		"application/x-www-form-urlencoded; charset=utf-8;":                  envelope.None,
		"application/x-www-form-urlencoded; charset=utf-8; charset=utf-8":    envelope.None,
		"application/x-www-form-urlencoded; charset=utf-8; a=b":              envelope.None,
		"application/x-www-form-urlencoded, text/plain":                      envelope.None,
		`application/x-www-form-urlencoded; charset="utf\-8"`:                envelope.None,
		`application/x-www-form-urlencoded; charset="utf-8`:                  envelope.None,
		"application/x-www-form-urlencoded; char\u017fet=utf-8":              envelope.None, // folds to an s
		"application/x-www-form-urlencodedx":                                 envelope.None,
		"multipart/form-data; boundary=b":                                    envelope.Multipart,
		"MULTIPART/Form-Data;BOUNDARY=----WebKitFormBoundaryMEJ1AoC4RGJMtMS": envelope.Multipart,
		`multipart/form-data; boundary="a b'()+_,-./:=?z"`:                   envelope.Multipart,
		"multipart/form-data; boundary=" + seventy:                           envelope.Multipart,
		"multipart/form-data; boundary=" + seventy + "b":                     envelope.None,
		`multipart/form-data; boundary="` + seventy + `b"`:                   envelope.None,
		`multipart/form-data; boundary="a "`:                                 envelope.None,
		`multipart/form-data; boundary=""`:                                   envelope.None,
		`multipart/form-data; boundary="a\b"`:                                envelope.None,
		`multipart/form-data; boundary="a"b"`:                                envelope.None,
		`multipart/form-data; boundary="a;b"`:                                envelope.None,
		`multipart/form-data; boundary="a`:                                   envelope.None,
		"multipart/form-data; boundary=a/b":                                  envelope.None, // only in quotes
		"multipart/form-data; boundary=a*b":                                  envelope.None, // a token, but no boundary
		"multipart/form-data; boundary=a b":                                  envelope.None,
		"multipart/form-data; boundary=a\r\nb":                               envelope.None,
		"multipart/form-data; boundary=ü":                                    envelope.None,
		"multipart/form-data; boundary*=utf-8''b":                            envelope.None,
		"multipart/form-data; boundary=":                                     envelope.None,
		"multipart/form-data; boundary":                                      envelope.None,
		"multipart/form-data":                                                envelope.None,
		"multipart/form-data; boundary=a; boundary=a":                        envelope.None,
		"multipart/form-data; boundary=a; charset=utf-8":                     envelope.None,
		"multipart/form-data; charset=utf-8; boundary=a":                     envelope.None,
		"multipart/mixed; boundary=b":                                        envelope.None,
		"text/plain":                                                         envelope.None,
		"application/json":                                                   envelope.None,
		"":                                                                   envelope.None,
		";":                                                                  envelope.None,
	} {
		if got := envelope.KindOf(contentType); got != want {
			t.Errorf("KindOf(%q) = %d, want %d", contentType, got, want)
		}
	}
}

// TestOtherTypesCostNothing: every request's type is asked about.
func TestOtherTypesCostNothing(t *testing.T) {
	for _, contentType := range []string{"", "text/plain;charset=UTF-8", "application/json", "image/png"} {
		if n := testing.AllocsPerRun(100, func() { envelope.KindOf(contentType) }); n > 0 {
			t.Errorf("KindOf(%q) allocates %v times", contentType, n)
		}
	}
}
