package gate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApply(t *testing.T) {
	for _, tc := range []struct {
		name  string
		edits ResponseEdits
		in    Header
		want  Header
	}{
		{
			"replaces, never doubles",
			ResponseEdits{Replace: true, AllowOrigin: "https://a.test", Expose: "*", Credentials: true},
			Header{"Access-Control-Allow-Origin": {"*", "x"}, "Access-Control-Allow-Methods": {"GET"}, "Access-Control-Max-Age": {"1"}, "Access-Control-Allow-Private-Network": {"true"}, "Vary": {"Accept, origin"}},
			Header{"Access-Control-Allow-Origin": {"https://a.test"}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Expose-Headers": {"*"}, "Vary": {"Accept, origin"}},
		},
		{
			"takes away",
			ResponseEdits{Replace: true},
			Header{"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Credentials": {"true"}, "X": {"y"}},
			Header{"X": {"y"}, "Vary": {"Origin"}},
		},
		{
			"leaves",
			ResponseEdits{},
			Header{"Access-Control-Allow-Origin": {"*"}, "Vary": {"*"}},
			Header{"Access-Control-Allow-Origin": {"*"}, "Vary": {"*"}},
		},
		{
			"makes private",
			ResponseEdits{Replace: true, AllowOrigin: "https://a.test", Unwrapped: true},
			Header{"Set-Cookie": {"a=b"}, "Cache-Control": {"public, max-age=60", "s-maxage=600"}, "Cdn-Cache-Control": {"max-age=600"}, "Vercel-Cdn-Cache-Control": {"max-age=600"}, "Surrogate-Control": {"x"}, "X-Litespeed-Cache-Control": {"public,max-age=600"}, "Vary": {"Accept"}},
			Header{"Access-Control-Allow-Origin": {"https://a.test"}, "Cache-Control": {"private, max-age=60"}, "Vary": {"Accept", "Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
		{
			"keeps what is stricter",
			ResponseEdits{Unwrapped: true},
			Header{"Cache-Control": {"No-Store, Public"}},
			Header{"Cache-Control": {"No-Store"}, "Vary": {"Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
		{
			"reads quoted lists",
			ResponseEdits{Unwrapped: true},
			Header{"Cache-Control": {`private="a, public", no-cache="b, s-maxage", max-age=1`}},
			Header{"Cache-Control": {`private, no-cache="b, s-maxage", max-age=1`}, "Vary": {"Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
		{
			"makes private where nothing is said",
			ResponseEdits{Unwrapped: true},
			Header{},
			Header{"Cache-Control": {"private"}, "Vary": {"Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.edits.Apply(tc.in)
			if diff := cmp.Diff(tc.want, tc.in); diff != "" {
				t.Error(diff)
			}
		})
	}
}
