package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// Lines of answers.
const (
	forAll   = "Access-Control-Allow-Origin: *"
	forPage  = "Access-Control-Allow-Origin: " + page
	forNull  = "Access-Control-Allow-Origin: null"
	withAll  = "Access-Control-Allow-Credentials: true"
	putIt    = "Access-Control-Allow-Methods: PUT"
	xaIt     = "Access-Control-Allow-Headers: X-A"
	anHour   = "Access-Control-Max-Age: 600"
	timed    = "Timing-Allow-Origin: *"
	toOther  = "Location: https://other.example.org/x?code=1"
	toItself = "Location: /elsewhere"
)

// A scenario is a call, and what is found in it: codes in order, with the hop where it is
// not the first address, and with the engines where they are not all.
type scenario struct {
	name string
	call explain.Call
	want string
}

type (
	call    = explain.Call
	request = preflight.Request
	hop     = explain.Hop
)

var (
	put       = request{Method: "PUT"}
	named     = request{Headers: headers("X-A", "1")}
	signedIn  = request{Headers: headers("Authorization", "Bearer x")}
	good      = answer(200, forAll, timed)
	granted   = answer(204, forAll, putIt, anHour)
	grantedXA = answer(204, forAll, xaIt, anHour)
)

// Fetch standard, "new Request(input, init)", "main fetch", "HTTP-network-or-cache fetch"
// and "bad port"; Mixed Content; Local Network Access.
var beforeSending = []scenario{
	{"nothing to say", call{Response: good}, ""},
	{"a body on GET", call{Request: request{Body: preflight.BodyString}}, "request-throws"},
	{"a request that there is not", call{Request: request{Mode: "open"}}, "request-throws"},
	{"a header of the browser's own", call{Request: request{Headers: headers("Cookie", "a")}, Response: good}, "header-dropped"},
	{"a file", call{Target: at("file:///x"), Response: good}, "scheme-unsupported"},
	{"a password", call{Target: at("https://ada:x@api.example.net/"), Response: good}, "url-credentials"},
	{"a password with XMLHttpRequest", call{Request: request{API: preflight.XHR}, Target: at("https://ada:x@api.example.net/"), Response: good}, ""},
	{"no name and no password", call{Target: at("https://:@api.example.net/"), Response: good}, ""},
	{"mail", call{Target: at("https://api.example.net:25/"), Response: good}, "bad-port"},
	{"from https to http", call{Target: at("http://api.example.net/"), Response: good}, "mixed-content"},
	{"from http to http", call{Origin: "http://app.example.com", Target: at("http://api.example.net/"), Response: good}, ""},
	{"from https to this machine", call{Target: at("http://localhost:3000/"), Response: good}, "local-network@chromium local-network@firefox mixed-content-loopback@webkit"},
	{"from https into the network", call{Target: at("http://192.168.0.7/"), Response: good}, "local-network@chromium mixed-content@firefox,webkit local-network@firefox"},
	{"from the network into the network", call{Origin: "http://192.168.0.1", Target: at("http://192.168.0.7/"), Response: good}, ""},
	{"from the network to this machine", call{Origin: "http://192.168.0.1", Target: at("http://[::1]:80/"), Response: good}, "local-network@chromium local-network@firefox"},
	{"from this machine to this machine", call{Origin: "http://localhost:3000", Target: at("http://127.0.0.1/"), Response: good}, ""},
	{"a name in the network", call{TargetSpace: explain.SpaceLocal, Response: good}, "local-network@chromium local-network@firefox"},
	{"from public http into the network", call{Origin: "http://app.example.com", Space: explain.SpacePublic, Target: at("http://10.0.0.1/"), Response: good}, "local-network-insecure@chromium local-network@firefox"},
	{"more than keepalive carries", call{Request: request{Method: "POST", Body: preflight.BodyString, Keepalive: true}, BodySize: explain.MaxKeepalive + 1, Response: good}, "keepalive-quota"},
	{"what keepalive carries", call{Request: request{Method: "POST", Body: preflight.BodyString, Keepalive: true}, BodySize: explain.MaxKeepalive, Response: good}, ""},
}

// Fetch standard, "CORS-preflight fetch".
var preflights = []scenario{
	{"granted", call{Request: put, Preflight: granted, Response: good}, "preflight-needed"},
	{"granted before", call{Request: put, Response: good}, "preflight-needed"},
	{"not sent yet", call{Request: put}, "preflight-needed"},
	{"a stream", call{Request: request{Method: "POST", Body: preflight.BodyStream}, Preflight: granted, Response: good}, "request-throws@webkit preflight-needed@chromium stream-http2@chromium"},
	{"no answer", call{Request: put, Preflight: &explain.Response{Failure: "connection refused"}}, "preflight-needed preflight-failed"},
	{"a redirect", call{Request: put, Preflight: answer(301, forAll, putIt, toItself)}, "preflight-needed preflight-redirect"},
	{"a redirect to nowhere", call{Request: put, Preflight: answer(302, forAll, putIt)}, "preflight-needed preflight-status max-age-missing"},
	{"401", call{Request: put, Preflight: answer(401)}, "preflight-needed preflight-status"},
	{"403", call{Request: put, Preflight: answer(403)}, "preflight-needed preflight-status"},
	{"405", call{Request: put, Preflight: answer(405)}, "preflight-needed preflight-status"},
	{"400", call{Request: put, Preflight: answer(400)}, "preflight-needed preflight-status"},
	{"502 with headers of which some are wrong", call{Request: put, Preflight: answer(502, forNull, putIt, anHour)}, "preflight-needed preflight-status allow-origin-null"},
	{"299", call{Request: put, Preflight: answer(299, forAll, putIt, anHour), Response: good}, "preflight-needed"},
	{"nothing about CORS", call{Request: put, Preflight: answer(200, "Allow: GET, PUT"), Response: good}, "preflight-needed preflight-ignored"},
	{"everything wrong", call{Request: request{Method: "PUT", Headers: headers("X-A", "1", "X-B", "2")}, Credentials: true, Preflight: answer(204, forAll, "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *", "Access-Control-Max-Age: 0")}, "preflight-needed allow-origin-wildcard allow-methods-wildcard allow-headers-wildcard max-age-short"},
	{"a wildcard", call{Request: put, Preflight: answer(204, forAll, "Access-Control-Allow-Methods: *", anHour), Response: good}, "preflight-needed"},
	{"lists with empty elements", call{Request: put, Preflight: answer(204, forAll, "Access-Control-Allow-Methods: ,GET ,\tPUT,", anHour), Response: good}, "preflight-needed"},
	{"two lines", call{Request: put, Preflight: answer(204, forAll, "Access-Control-Allow-Methods: GET", putIt, anHour), Response: good}, "preflight-needed"},
	{"quotes", call{Request: put, Preflight: answer(204, forAll, `Access-Control-Allow-Methods: "PUT"`, anHour)}, "preflight-needed allow-methods-invalid"},
	{"blanks for commas", call{Request: put, Preflight: answer(204, forAll, "Access-Control-Allow-Methods: GET PUT", anHour)}, "preflight-needed allow-methods-invalid"},
	{"another method", call{Request: put, Preflight: answer(204, forAll, "Access-Control-Allow-Methods: GET", anHour)}, "preflight-needed allow-methods-missing"},
	{"no methods", call{Request: put, Preflight: answer(204, forAll, anHour)}, "preflight-needed allow-methods-missing"},
	{"patch", call{Request: request{Method: "patch"}, Preflight: answer(204, forAll, "Access-Control-Allow-Methods: PATCH", anHour)}, "preflight-needed allow-methods-case"},
	{"safe methods need no list", call{Request: named, Preflight: grantedXA, Response: good}, "preflight-needed"},
	{"a list that is void", call{Request: put, Preflight: answer(204, forAll, putIt, "Access-Control-Allow-Headers: X-A;", anHour)}, "preflight-needed allow-headers-invalid"},
	{"no headers", call{Request: named, Preflight: answer(204, forAll, anHour)}, "preflight-needed allow-headers-missing"},
	{"names in any case", call{Request: named, Preflight: answer(204, forAll, "Access-Control-Allow-Headers: x-B, x-a", anHour), Response: good}, "preflight-needed"},
	{"a wildcard for a token", call{Request: signedIn, Preflight: answer(204, forAll, "Access-Control-Allow-Headers: *", anHour), Response: good}, "preflight-needed allow-headers-authorization"},
	{"a wildcard and the token's header", call{Request: signedIn, Preflight: answer(204, forAll, "Access-Control-Allow-Headers: *, authorization", anHour), Response: good}, "preflight-needed"},
	{"no Max-Age", call{Request: put, Preflight: answer(204, forAll, putIt), Response: good}, "preflight-needed max-age-missing"},
	{"Max-Age in words", call{Request: put, Preflight: answer(204, forAll, putIt, "Access-Control-Max-Age: 10m"), Response: good}, "preflight-needed max-age-invalid"},
	{"Max-Age twice", call{Request: put, Preflight: answer(204, forAll, putIt, anHour, anHour), Response: good}, "preflight-needed max-age-invalid"},
	{"Max-Age of Crossgate", call{Request: put, Preflight: answer(204, forAll, putIt, "Access-Control-Max-Age: 7200"), Response: good}, "preflight-needed max-age-capped@webkit"},
	{"Max-Age of a week", call{Request: put, Preflight: answer(204, forAll, putIt, "Access-Control-Max-Age: 604800"), Response: good}, "preflight-needed max-age-capped@chromium max-age-capped@firefox max-age-capped@webkit"},
	{"Max-Age for ever", call{Request: put, Preflight: answer(204, forAll, putIt, "Access-Control-Max-Age: 99999999999999999999"), Response: good}, "preflight-needed max-age-capped@chromium max-age-capped@firefox max-age-capped@webkit"},
	{"an old header", call{Request: put, Preflight: answer(204, forAll, putIt, anHour, "Access-Control-Allow-Private-Network: true"), Response: good}, "preflight-needed private-network-header"},
}

// Fetch standard, "HTTP fetch" and "CORS check"; judge_test.go has the header's values.
var answers = []scenario{
	{"none", call{Response: &explain.Response{Failure: "no such host"}}, "answer-failed"},
	{"an error of a proxy", call{Response: answer(502, "Content-Type: text/html")}, "error-hidden"},
	{"an error that can be read", call{Response: answer(502, forAll, timed)}, ""},
	{"an error for another page", call{Response: answer(500, "Access-Control-Allow-Origin: https://b.example")}, "allow-origin-mismatch"},
	{"407", call{Response: answer(407, forAll, timed)}, "proxy-status@chromium"},
	{"its own pages need none", call{Target: at(page + "/x"), Response: answer(404)}, ""},
	{"null is no origin of its own", call{Origin: "null", Response: answer(200, forNull, timed)}, ""},
	{"any origin and credentials", call{Response: answer(200, forAll, withAll, timed)}, "wildcard-with-credentials"},
	{"an empty line more", call{Credentials: true, Response: answer(200, forPage, "Access-Control-Allow-Credentials: ", withAll, timed)}, "allow-credentials-value@chromium,webkit cookie-third-party@firefox"},
}

// Fetch standard, "HTTP-redirect fetch" and "redirect-tainted origin".
var redirects = []scenario{
	{"within the API", call{Response: answer(302, forAll, toItself), Redirects: []hop{{Response: good}}}, ""},
	{"that is not followed yet", call{Response: answer(302, forAll, toItself)}, ""},
	{"without headers", call{Response: answer(302, toItself), Redirects: []hop{{Response: good}}}, "redirect-hidden"},
	{"for another page", call{Response: answer(302, forNull, toItself), Redirects: []hop{{Response: good}}}, "allow-origin-null"},
	{"to another API", call{Response: answer(302, forAll, toOther), Redirects: []hop{{Response: answer(200, forPage, timed)}}}, "redirect-null-origin/1"},
	{"to one that allows null", call{Response: answer(302, forAll, toOther), Redirects: []hop{{Response: answer(200, forNull, timed)}}}, ""},
	{"to one that allows all", call{Response: answer(302, forAll, toOther), Redirects: []hop{{Response: good}}}, ""},
	{"back home by way of another API", call{Response: answer(302, forAll, "Location: "+page+"/x"), Redirects: []hop{{Response: answer(200, forPage)}}}, "redirect-null-origin/1"},
	{"from home to an API", call{Target: at(page + "/x"), Response: answer(302, "Location: "+api), Redirects: []hop{{Response: answer(200, forPage, timed)}}}, ""},
	{"from home to an API that must be asked", call{Request: put, Target: at(page + "/x"), Response: answer(307, "Location: "+api), Redirects: []hop{{Preflight: answer(404)}}}, "preflight-needed/1 preflight-status/1"},
	{"from home, of the same origin alone", call{Request: request{Mode: preflight.ModeSameOrigin}, Target: at(page + "/x"), Response: answer(302, "Location: "+api)}, "redirect-refused"},
	{"refused", call{Redirect: explain.RedirectError, Response: answer(302, forAll, toItself)}, "redirect-refused"},
	{"refused, to nowhere", call{Redirect: explain.RedirectError, Response: answer(302, forAll, timed)}, "redirect-refused@firefox,webkit"},
	{"by hand", call{Redirect: explain.RedirectManual, Response: answer(302, forAll, toItself)}, "redirect-opaque"},
	{"by hand, without headers", call{Redirect: explain.RedirectManual, Response: answer(302, toItself)}, "redirect-hidden redirect-opaque"},
	{"to nowhere", call{Response: answer(302, forAll, timed)}, ""},
	{"300 is none", call{Response: answer(300, forAll, timed, toItself)}, "headers-hidden"},
	{"to what is no address", call{Response: answer(302, forAll, "Location: https://[")}, "redirect-location"},
	{"to a port that there is not", call{Response: answer(302, forAll, "Location: https://b.example:65536/")}, "redirect-location"},
	{"to two places", call{Response: answer(302, forAll, toItself, toOther)}, "redirect-location"},
	{"twice to one", call{Response: answer(302, forAll, toItself, toItself), Redirects: []hop{{Response: good}}}, ""},
	{"with backslashes", call{Response: answer(302, forAll, `Location: \\other.example.org\x?a\b`), Redirects: []hop{{Response: answer(200, forPage)}}}, "redirect-null-origin/1"},
	{"with a percent sign", call{Response: answer(302, forAll, "Location: /100%"), Redirects: []hop{{Response: good}}}, ""},
	{"to an app", call{Response: answer(302, forAll, "Location: app://x/y")}, "redirect-scheme"},
	{"to mail", call{Response: answer(302, forAll, "Location: mailto:ada@example.com")}, "redirect-scheme"},
	{"with a password", call{Response: answer(302, forAll, "Location: https://ada:x@api.example.net/"), Redirects: []hop{{Response: good}}}, "redirect-credentials"},
	{"with a password, at home", call{Target: at(page + "/x"), Response: answer(302, "Location: https://ada:x@app.example.com/"), Redirects: []hop{{Response: answer(200)}}}, "redirect-credentials@chromium"},
	{"with a password, at home, with XMLHttpRequest", call{Request: request{API: preflight.XHR}, Target: at(page + "/x"), Response: answer(302, "Location: https://ada:x@app.example.com/"), Redirects: []hop{{Response: answer(200)}}}, ""},
	{"with a password, no-cors", call{Request: request{Mode: preflight.ModeNoCORS}, Response: answer(302, "Location: https://ada:x@api.example.net/"), Redirects: []hop{{Response: answer(200)}}}, "opaque-answer redirect-credentials@chromium"},
	{"from home, no-cors", call{Request: request{Mode: preflight.ModeNoCORS}, Target: at(page + "/x"), Response: answer(302, "Location: "+api), Redirects: []hop{{Response: answer(200)}}}, "opaque-answer/1"},
	{"back home with a preflight", call{Request: put, Preflight: granted, Response: answer(307, forAll, "Location: "+page+"/x"), Redirects: []hop{{Preflight: answer(204, forNull, putIt, anHour), Response: answer(200, forNull, timed)}}}, "preflight-needed preflight-needed/1"},
	{"from https to http", call{Response: answer(302, forAll, "Location: http://api.example.net/"), Redirects: []hop{{Response: good}}}, "mixed-content/1"},
	{"from http to https", call{Origin: "http://app.example.com", Target: at("http://api.example.net/"), Response: answer(301, forAll, "Location: https://api.example.net/"), Redirects: []hop{{Response: answer(200, forAll, timed)}}}, "redirect-upgrade"},
	{"20 times", call{Response: answer(302, forAll, toItself), Redirects: slices.Concat(slices.Repeat([]hop{{Response: answer(302, forAll, toItself)}}, 19), []hop{{Response: good}})}, ""},
	{"21 times", call{Response: answer(302, forAll, toItself), Redirects: slices.Repeat([]hop{{Response: answer(302, forAll, toItself)}}, 20)}, "redirect-too-many/20"},
	{"the token stays behind", call{Request: signedIn, Preflight: answer(204, forAll, "Access-Control-Allow-Headers: Authorization", anHour), Response: answer(307, forAll, toOther), Redirects: []hop{{Response: good}}}, "preflight-needed redirect-authorization preflight-again/1@firefox"},
	{"the token goes along", call{Request: signedIn, Preflight: answer(204, forAll, "Access-Control-Allow-Headers: Authorization", anHour), Response: answer(307, forAll, toItself), Redirects: []hop{{Preflight: answer(403)}}}, "preflight-needed preflight-needed/1 preflight-status/1"},
	{"POST becomes GET", call{Request: request{Method: "POST", Body: preflight.BodyString}, Response: answer(302, forAll, toItself), Redirects: []hop{{Response: good}}}, "redirect-method"},
	{"POST stays POST", call{Request: request{Method: "POST", Body: preflight.BodyString}, Response: answer(307, forAll, toItself), Redirects: []hop{{Response: good}}}, ""},
	{"PUT stays PUT", call{Request: put, Preflight: granted, Response: answer(302, forAll, toItself), Redirects: []hop{{Preflight: granted, Response: good}}}, "preflight-needed preflight-needed/1"},
	{"PUT becomes GET", call{Request: put, Preflight: granted, Response: answer(303, forAll, toItself), Redirects: []hop{{Preflight: answer(404), Response: good}}}, "preflight-needed redirect-method preflight-again/1@firefox preflight-status/1@firefox"},
	{"JSON stays behind", call{Request: request{Method: "POST", Body: preflight.BodyString, Headers: headers("Content-Type", "application/json")}, Preflight: answer(204, forAll, "Access-Control-Allow-Headers: Content-Type", anHour), Response: answer(303, forAll, toItself), Redirects: []hop{{Response: good}}}, "preflight-needed redirect-method preflight-again/1@firefox"},
	{"a stream is read", call{Request: request{Method: "POST", Body: preflight.BodyStream}, Preflight: granted, Response: answer(307, forAll, toItself), Redirects: []hop{{Preflight: granted, Response: good}}}, "request-throws@webkit preflight-needed@chromium stream-http2@chromium redirect-stream@chromium,webkit preflight-needed/1@chromium stream-http2/1@chromium"},
	{"Firefox asks for the page", call{Request: put, Preflight: granted, Response: answer(307, forAll, toOther), Redirects: []hop{{Preflight: answer(204, forPage, putIt, anHour), Response: good}}}, "preflight-needed preflight-needed/1 redirect-null-origin/1@chromium,webkit"},
}

// Fetch standard, "main fetch" (CORS-exposed header-name list), "TAO check" and
// "cross-origin resource policy check"; RFC 6265bis.
var scripts = []scenario{
	{"headers that matter", call{Response: answer(200, forAll, timed, "ETag: x", "X-Total: 1", "Date: now", "Server: x", "Content-Type: text/plain")}, "headers-hidden"},
	{"exposed", call{Response: answer(200, forAll, timed, "ETag: x", "Access-Control-Expose-Headers: etag")}, ""},
	{"all of them", call{Response: answer(200, forAll, timed, "ETag: x", "Access-Control-Expose-Headers: *")}, ""},
	{"all of them, with credentials", call{Credentials: true, Target: at("https://api.example.com/"), Response: answer(200, forPage, withAll, timed, "ETag: x", "Access-Control-Expose-Headers: *")}, "expose-wildcard headers-hidden"},
	{"a list that is void", call{Response: answer(200, forAll, timed, "ETag: x", "Access-Control-Expose-Headers: ETag; Date")}, "expose-invalid headers-hidden"},
	{"times", call{Response: answer(200, forAll, "Timing-Allow-Origin: https://b.example, "+page)}, ""},
	{"no times", call{Response: answer(200, forAll)}, "timing-hidden"},
	{"a cookie without credentials", call{Response: answer(200, forAll, timed, "Set-Cookie: a=b")}, "cookie-ignored"},
	{"a cookie of the same site", call{Credentials: true, Target: at("https://api.example.com/"), Response: answer(200, forPage, withAll, timed, "Set-Cookie: a=b")}, ""},
	{"a cookie of another site", call{Credentials: true, Response: answer(200, forPage, withAll, timed, "Set-Cookie: a=b")}, "cookie-same-site@chromium cookie-third-party@firefox cookie-third-party@webkit"},
	{"a strict cookie", call{Credentials: true, Response: answer(200, forPage, withAll, timed, "Set-Cookie: a=b; SameSite=Strict")}, "cookie-same-site cookie-third-party@firefox cookie-third-party@webkit"},
	{"a cookie that may", call{Credentials: true, Response: answer(200, forPage, withAll, timed, "Set-Cookie: a=b; secure; samesite=none")}, "cookie-third-party@firefox cookie-third-party@webkit"},
	{"another scheme is another site", call{Credentials: true, Origin: "http://app.example.com", Target: at("https://api.example.com/"), Response: answer(200, "Access-Control-Allow-Origin: http://app.example.com", withAll, timed)}, "cookie-third-party@firefox cookie-third-party@webkit"},
	{"no-cors", call{Request: request{Mode: preflight.ModeNoCORS}, Response: answer(200)}, "opaque-answer"},
	{"no-cors at home", call{Request: request{Mode: preflight.ModeNoCORS}, Target: at(page + "/x"), Response: answer(200)}, ""},
	{"no-cors by hand", call{Request: request{Mode: preflight.ModeNoCORS}, Redirect: explain.RedirectManual}, "opaque-answer request-throws"},
	{"no-cors and JSON", call{Request: request{Mode: preflight.ModeNoCORS}, Response: answer(200, "Content-Type: application/json")}, "opaque-answer opaque-blocked"},
	{"no-cors of one origin", call{Request: request{Mode: preflight.ModeNoCORS}, Response: answer(200, "Cross-Origin-Resource-Policy: same-origin")}, "opaque-answer resource-policy"},
	{"no-cors of one site", call{Request: request{Mode: preflight.ModeNoCORS}, Target: at("https://api.example.com/"), Response: answer(200, "Cross-Origin-Resource-Policy: same-site")}, "opaque-answer"},
	{"no-cors of a page that wants a word", call{Request: request{Mode: preflight.ModeNoCORS}, Embedder: explain.RequireCORP, Response: answer(200)}, "opaque-answer resource-policy"},
	{"no-cors without an answer", call{Request: request{Mode: preflight.ModeNoCORS}, Response: &explain.Response{Failure: "refused"}}, "opaque-answer answer-failed"},
}

// byProbes are the codes that only asking several times can show.
var byProbes = []explain.FindingCode{
	explain.OriginReflected, explain.NullAllowed, explain.LookAlikeAllowed, explain.InsecureAllowed, explain.OtherPortAllowed, explain.VaryMissing,
	explain.HeadDiffers, explain.PreflightUnstable, explain.NotSent,
}

func TestJudgeCall(t *testing.T) {
	found := map[explain.FindingCode]bool{}
	for group, scenarios := range map[string][]scenario{"before": beforeSending, "preflight": preflights, "answer": answers, "redirect": redirects, "script": scripts} {
		for _, s := range scenarios {
			t.Run(group+"/"+s.name, func(t *testing.T) {
				if s.call.Origin == "" {
					s.call.Origin = page
				}
				if s.call.Target == nil {
					s.call.Target = at(api)
				}
				report := explain.JudgeCall(s.call)
				if got := written(report.Findings); got != s.want {
					t.Errorf("got  %s\nwant %s", got, s.want)
				}
				for _, f := range report.Findings {
					found[f.Code] = true
				}
			})
		}
	}
	for _, s := range []explain.FindingCode{ // of TestCORSCheck
		explain.AllowOriginMissing, explain.AllowOriginDoubled, explain.AllowOriginList, explain.AllowOriginPattern, explain.AllowOriginSlash, explain.AllowOriginCase,
		explain.AllowOriginScheme, explain.AllowOriginPort, explain.AllowOriginInvalid, explain.AllowCredentialsAbsent,
	} {
		found[s] = true
	}
	for _, code := range explain.FindingCodes() {
		if !found[code] && !slices.Contains(byProbes, code) {
			t.Errorf("%s is never found", code)
		}
	}
}

// written writes findings as in a scenario.
func written(findings []explain.Finding) string {
	var all []string
	for _, f := range findings {
		text := string(f.Code)
		if f.Hop > 0 {
			text += "/" + string('0'+rune(f.Hop%10))
			if f.Hop > 9 {
				text = string(f.Code) + "/20"
			}
		}
		var engines []string
		for _, e := range f.Engines {
			engines = append(engines, string(e))
		}
		if engines != nil {
			text += "@" + strings.Join(engines, ",")
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}
