package e2e

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

type lines = [][2]string

const (
	acao = "Access-Control-Allow-Origin"
	acac = "Access-Control-Allow-Credentials"
	acam = "Access-Control-Allow-Methods"
	acah = "Access-Control-Allow-Headers"
	aceh = "Access-Control-Expose-Headers"
	acma = "Access-Control-Max-Age"
)

// of makes the lines of one name: none for no value.
func of(name string, values ...string) (all lines) {
	for _, v := range values {
		all = append(all, [2]string{name, v})
	}
	return all
}

// answering is a response with the lines, and with a body where there may be one.
func answering(status int, parts ...lines) explain.Response {
	r := explain.Response{Status: status, Header: slices.Concat(parts...)}
	if hasBody(status) && status >= 200 {
		r.Header = append(r.Header, [2]string{"Content-Length", "4"})
	}
	if status == 205 {
		r.Header = append(r.Header, [2]string{"Content-Length", "0"})
	}
	return r
}

var hangsUp = explain.Response{Failure: failed}

// shared are the lines that let the page read an answer, with credentials or without.
func shared(credentials bool) lines {
	if credentials {
		return lines{{acao, "{origin}"}, {acac, "true"}}
	}
	return lines{{acao, "{origin}"}}
}

// granting is the answer to a preflight that allows whatever is asked for here.
func granting(credentials bool) explain.Response {
	return answering(204, shared(credentials), lines{{acam, "PUT, PATCH, DELETE, QUERY"}, {acah, "x-foo, x-bar, authorization, content-type"}})
}

// calling is the act of a call to another origin that answers well. What follows
// spoils it.
func calling(request preflight.Request, credentials bool) act {
	return act{Request: request, Credentials: credentials, Stops: []stop{{
		At: "first", Preflight: granting(credentials), Response: answering(200, shared(credentials)),
	}}}
}

// spoilt gives the act's target other answers; nil leaves one as it is.
func (s act) spoilt(preflight, response *explain.Response) act {
	s.Stops = slices.Clone(s.Stops)
	if preflight != nil {
		s.Stops[0].Preflight = *preflight
	}
	if response != nil {
		s.Stops[0].Response = *response
	}
	return s
}

var (
	get   = fetching("GET", "none")
	put   = fetching("PUT", "string")
	foo   = fetching("GET", "none", preflight.Header{Name: "X-Foo", Value: "1"})
	wants = []bool{false, true} // credentials
)

// originValues are values of Access-Control-Allow-Origin, right and wrong. A list of
// several is of several lines.
var originValues = [][]string{
	{},
	{"{origin}"},
	{"*"},
	{"null"},
	{""},
	{"  {origin}\t"},
	{"\t*  "},
	{"{origin}/"},
	{"{origin}/path"},
	{"{origin}:80"},
	{"HTTP://LOCALHOST"},
	{"http://LOCALHOST{port}"},
	{"HTTP://localhost{port}"},
	{"https://localhost{port}"},
	{"http://localhost"},
	{"//localhost{port}"},
	{"localhost{port}"},
	{"localhost"},
	{"http://127.0.0.1{port}"},
	{"http://*"},
	{"http://*.localhost"},
	{"*.localhost"},
	{"**"},
	{"*, *"},
	{"* *"},
	{"*,{origin}"},
	{"{origin}, *"},
	{"{origin}, {origin}"},
	{"{origin},https://example.com"},
	{"{origin} https://example.com"},
	{"{origin}", "{origin}"},
	{"*", "*"},
	{"{origin}", "*"},
	{"*", "{origin}"},
	{"", "{origin}"},
	{"{origin}", ""},
	{"NULL"},
	{"null", "null"},
	{"undefined"},
	{"true"},
	{`"{origin}"`},
	{"'*'"},
	{"{origin};"},
	{"{origin}."},
	{"{origin}?"},
	{"{origin}#"},
	{"{origin},"},
	{"https://example.com"},
	{"%2A"},
	{"all"},
	{"{origin}\x0b"},
	{"{origin}\u00a0"},
	{"\u2217"},
}

// credentialsValues are values of Access-Control-Allow-Credentials.
var credentialsValues = [][]string{
	{}, {"true"}, {"True"}, {"TRUE"}, {"false"}, {""}, {"1"}, {"yes"}, {" true\t"}, {"true,true"}, {"true", "true"}, {"false", "true"}, {"true", "false"}, {"true", ""}, {"", "true"}, {"true;"}, {`"true"`}, {"*"},
}

// listValues are values of the lists of methods and headers, in which ITEM stands for
// what is asked for.
var listValues = [][]string{
	{},
	{"ITEM"},
	{"*"},
	{"item"},
	{"Item"},
	{""},
	{"ITEM, OTHER"},
	{"OTHER, ITEM"},
	{"OTHER,ITEM"},
	{"OTHER\t,\tITEM\t"},
	{"OTHER ITEM"},
	{"OTHER;ITEM"},
	{"OTHER, ITEM;q=1"},
	{"ITEM,"},
	{",ITEM"},
	{",,ITEM,,OTHER,,"},
	{"OTHER"},
	{"*, ITEM"},
	{"ITEM, *"},
	{"*, OTHER"},
	{"OTHER", "ITEM"},
	{"OTHER", "*"},
	{"OTHER", ""},
	{"ITEM", "ITEM"},
	{`"ITEM"`},
	{"{ITEM}"},
	{"(bad), ITEM"},
	{"ITEM, (bad)"},
	{"ITEM", "(bad)"},
	{"ITEM\u00e9"},
	{"ITEM, \u00e9"},
	{"all"},
	{"**"},
	{"*,*"},
	{"I*"},
	{" ITEM "},
	{"ITEM\x0b"},
	{","},
	{", ,"},
}

// listing puts what is asked for into the values of a list.
func listing(values []string, item string) (all []string) {
	for _, v := range values {
		v = strings.NewReplacer("ITEM", item, "item", strings.ToLower(item), "Item", item[:1]+strings.ToLower(item[1:])).Replace(v)
		all = append(all, v)
	}
	return all
}

// acts are all calls, the same on every run.
func acts() []act {
	return slices.Concat(originActs(), credentialsActs(), methodActs(), headerActs(), statusActs(), redirectActs(),
		exposeActs(), uncorsActs(), beforeActs(), mixedActs(250))
}

// originActs try Access-Control-Allow-Origin on the answer, on that of a preflight, and
// on that to a page without an origin.
func originActs() (all []act) {
	for _, values := range originValues {
		for _, credentials := range wants {
			allowed := lines{}
			if credentials {
				allowed = of(acac, "true")
			}
			answer, asked := answering(200, of(acao, values...), allowed), answering(200, of(acao, values...), allowed, of(acam, "PUT"), of(acah, "content-type"))
			all = append(all, calling(get, credentials).spoilt(nil, &answer), calling(put, credentials).spoilt(&asked, nil))
			for _, sandboxed := range []act{calling(get, credentials).spoilt(nil, &answer), calling(put, credentials).spoilt(&asked, nil)} {
				sandboxed.Sandboxed = true
				all = append(all, sandboxed)
			}
		}
	}
	return all
}

// credentialsActs try Access-Control-Allow-Credentials likewise.
func credentialsActs() (all []act) {
	for _, values := range credentialsValues {
		for _, origin := range []string{"{origin}", "*"} {
			answer, asked := answering(200, of(acao, origin), of(acac, values...)), answering(200, of(acao, origin), of(acac, values...), of(acam, "PUT"))
			all = append(all, calling(get, true).spoilt(nil, &answer), calling(put, true).spoilt(&asked, nil))
		}
		answer := answering(200, of(acao, "{origin}"), of(acac, values...))
		all = append(all, calling(get, false).spoilt(nil, &answer), calling(asking("GET", "none"), true).spoilt(nil, &answer))
	}
	return all
}

// methodActs try Access-Control-Allow-Methods.
func methodActs() (all []act) {
	for _, values := range listValues {
		for _, method := range []string{"PATCH", "patch", "DELETE"} {
			for _, credentials := range wants {
				asked := answering(204, shared(credentials), of(acam, listing(values, method)...))
				all = append(all, calling(fetching(method, "none"), credentials).spoilt(&asked, nil))
			}
		}
		// Methods that need no leave may be missing; the list must be readable all the same.
		asked := answering(204, shared(false), of(acam, listing(values, "PUT")...), of(acah, "X-Foo"))
		all = append(all, calling(foo, false).spoilt(&asked, nil))
	}
	return all
}

// headerActs try Access-Control-Allow-Headers.
func headerActs() (all []act) {
	for _, values := range listValues {
		for _, name := range []string{"X-Foo", "Authorization"} {
			for _, credentials := range wants {
				request := fetching("GET", "none", preflight.Header{Name: name, Value: "1"})
				asked := answering(204, shared(credentials), of(acah, listing(values, name)...))
				all = append(all, calling(request, credentials).spoilt(&asked, nil))
			}
		}
		several := fetching("POST", "string", listed(lines{{"X-Foo", "1"}, {"X-Bar", "2"}, {"Content-Type", "application/json"}})...)
		asked := answering(204, shared(false), of(acah, append(listing(values, "X-Foo"), "x-bar, CONTENT-TYPE")...))
		bare := answering(204, shared(false), of(acah, listing(values, "X-Foo")...), of(acam, "*"))
		all = append(all, calling(several, false).spoilt(&asked, nil), calling(fetching("PUT", "none"), false).spoilt(&bare, nil))
	}
	return all
}

// statusActs try statuses of both answers, and answers that do not come.
func statusActs() (all []act) {
	bare := answering(200)
	for _, status := range []int{200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308, 310, 399, 400, 401, 403, 404, 405, 406, 407, 409, 410, 413, 415, 418, 421, 422, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 511, 520, 598, 599} {
		asked, answer, hidden := answering(status, shared(false), of(acam, "PUT")), answering(status, shared(false)), answering(status)
		elsewhere, nowhere := answering(status, shared(false), of(acam, "PUT"), of("Location", "{next}")), answering(status, shared(false), of(acah, "X-Foo"))
		all = append(all,
			calling(put, false).spoilt(&asked, nil), calling(put, false).spoilt(&elsewhere, nil), calling(foo, false).spoilt(&nowhere, nil), calling(foo, false).spoilt(&hidden, nil),
			calling(get, false).spoilt(nil, &answer), calling(get, false).spoilt(nil, &hidden), calling(put, false).spoilt(nil, &answer),
			calling(fetching("POST", "form"), false).spoilt(nil, &answer), calling(asking("GET", "none"), false).spoilt(nil, &answer))
		if status != 421 { // which Firefox tries again, and then waits for what HEAD never brings
			all = append(all, calling(fetching("HEAD", "none"), false).spoilt(nil, &answer))
		}
	}
	early := calling(get, false)
	early.Stops[0].Early = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
	earlyLess := early.spoilt(nil, &bare)
	earlyMore := early.spoilt(nil, &bare)
	earlyMore.Stops[0].Early = "HTTP/1.1 103 Early Hints\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
	return append(all, early, earlyLess, earlyMore,
		calling(get, false).spoilt(nil, &hangsUp), calling(put, false).spoilt(nil, &hangsUp), calling(put, false).spoilt(&hangsUp, nil), calling(foo, true).spoilt(&hangsUp, nil),
		calling(asking("GET", "none"), true).spoilt(nil, &hangsUp), calling(put, false).spoilt(&bare, nil), calling(foo, true).spoilt(&bare, nil))
}

// exposeActs try Access-Control-Expose-Headers.
func exposeActs() (all []act) {
	own := lines{
		{"X-Total", "7"},
		{"X-Page", "1"},
		{"ETag", `"7"`},
		{"Location", "/elsewhere"},
		{"Set-Cookie", "a=b"},
		{"Set-Cookie2", "a=b"},
		{"Authorization", "x"},
		{"Cache-Control", "no-store"},
		{"Content-Language", "en"},
		{"Content-Type", "text/plain"},
		{"Expires", "0"},
		{"Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT"},
		{"Pragma", "no-cache"},
		{"Date", "Sun, 22 Nov 2026 12:00:00 GMT"},
		{"Vary", "Origin"},
		{"*", "star"},
	}
	for _, values := range append(slices.Clone(listValues), []string{"ETag, x-page", "Set-Cookie"}, []string{"Set-Cookie, Set-Cookie2"}, []string{"Authorization, Location"}) {
		for _, credentials := range wants {
			answer := answering(200, shared(credentials), own, of(aceh, listing(values, "X-Total")...))
			all = append(all, calling(get, credentials).spoilt(nil, &answer))
			if !credentials {
				all = append(all, calling(asking("GET", "none"), credentials).spoilt(nil, &answer))
			}
		}
	}
	same := calling(get, false)
	same.Stops = []stop{{At: "home", Response: answering(200, own)}}
	return append(all, same)
}

// uncorsActs are of requests in no-cors mode, of kinds that browsers keep from the page
// altogether, and of others.
func uncorsActs() (all []act) {
	for _, more := range []lines{
		{},
		{{acao, "*"}},
		{{"Content-Type", "application/json"}},
		{{"Content-Type", "text/html"}},
		{{"Content-Type", "text/plain"}},
		{{"Content-Type", "image/png"}},
		{{"Content-Type", "text/css"}},
		{{"Content-Type", "application/json"}, {"X-Content-Type-Options", "nosniff"}},
		{{"Content-Type", "text/html"}, {"X-Content-Type-Options", "nosniff"}},
		{{"Content-Type", "text/plain"}, {"X-Content-Type-Options", "nosniff"}},
		{{"Content-Type", "application/zip"}},
		{{"Content-Type", "application/xml"}},
		{{"Content-Type", "image/svg+xml"}},
		{{"Content-Type", "text/csv"}},
		{{"Content-Type", "text/csv"}, {"X-Content-Type-Options", "nosniff"}},
		{{"Cross-Origin-Resource-Policy", "same-origin"}},
		{{"Cross-Origin-Resource-Policy", "same-site"}},
		{{"Cross-Origin-Resource-Policy", "cross-origin"}},
		{{"Cross-Origin-Resource-Policy", "Same-Origin"}},
		{{"Cross-Origin-Resource-Policy", "same-origin, same-site"}},
		{{"Cross-Origin-Resource-Policy", "nonsense"}},
		{{"Cross-Origin-Resource-Policy", "same-origin"}, {"Cross-Origin-Resource-Policy", "same-origin"}},
	} {
		answer := answering(200, more)
		all = append(all, calling(uncors("GET", "none"), true).spoilt(nil, &answer), calling(uncors("POST", "form"), false).spoilt(nil, &answer))
		policed := answering(200, more, of(acao, "*"))
		all = append(all, calling(get, false).spoilt(nil, &policed))
	}
	missing, failed := answering(404), answering(500, of("Content-Type", "text/html"))
	return append(all, calling(uncors("GET", "none"), false).spoilt(nil, &missing), calling(uncors("GET", "none"), false).spoilt(nil, &failed),
		calling(uncors("GET", "none"), false).spoilt(nil, &hangsUp), calling(uncors("PUT", "none"), false), calling(uncors("GET", "none", listed(lines{{"X-Foo", "1"}})...), false))
}

// beforeActs end, or could end, before anything is sent.
func beforeActs() (all []act) {
	for _, request := range []preflight.Request{
		fetching("GET", "string"), fetching("TRACE", "none"), fetching("G T", "none"), fetching("GET", "none", listed(lines{{"X Foo", "1"}})...), fetching("GET", "none", listed(lines{{"X-Foo", "1\n2"}})...),
		fetching("HEAD", "form"), asking("TRACE", "none"), asking("GET", "string"), fetching("GET", "none", listed(lines{{"Host", "x"}})...),
		{Mode: preflight.ModeSameOrigin},
		{Mode: preflight.ModeNavigate},
	} {
		all = append(all, calling(request, false))
	}
	for _, request := range []preflight.Request{get, put, asking("GET", "none"), asking("PUT", "none"), uncors("GET", "none")} {
		named := calling(request, false)
		named.Stops[0].User = "ada:secret@"
		all = append(all, named)
	}
	home := calling(preflight.Request{Mode: preflight.ModeSameOrigin}, false)
	home.Stops = []stop{{At: "home", Response: answering(200)}}
	return append(all, home)
}

// mixedActs are combinations of the edges.
func mixedActs(number int) (all []act) {
	random := rand.New(rand.NewPCG(6454, 9111))
	often := func(good, other lines) lines {
		if random.IntN(4) > 0 {
			return good
		}
		return other
	}
	for len(all) < number {
		credentials := random.IntN(2) == 0
		request := pick(random, []preflight.Request{get, put, foo, fetching("POST", "form"), fetching("patch", "string"), asking("DELETE", "none"), asking("POST", "string", listed(lines{{"Authorization", "x"}})...), asking("GET", "none")})
		s := calling(request, credentials)
		s.Sandboxed = random.IntN(6) == 0
		asked := answering(pick(random, []int{200, 204, 204, 204, 404}), often(of(acao, "{origin}"), of(acao, pick(random, originValues)...)), often(of(acac, "true"), of(acac, pick(random, credentialsValues)...)),
			often(of(acam, "PUT, PATCH, patch, DELETE"), of(acam, listing(pick(random, listValues), "PUT")...)), often(of(acah, "X-Foo, authorization"), of(acah, listing(pick(random, listValues), "X-Foo")...)),
			of(acma, pick(random, []string{"0", "600", "-1", "x", ""})))
		answer := answering(pick(random, []int{200, 201, 204, 400, 500}), often(of(acao, "{origin}"), of(acao, pick(random, originValues)...)), often(of(acac, "true"), of(acac, pick(random, credentialsValues)...)),
			of("X-Total", "7"), of(aceh, listing(pick(random, listValues), "X-Total")...))
		all = append(all, s.spoilt(&asked, &answer))
	}
	return all
}
