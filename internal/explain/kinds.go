package explain

// A kind is what all findings of a code have in common.
type kind struct {
	code     FindingCode
	severity Severity
	remedy   Remedy
	detail   string // a sentence for a person, with places for values
}

// allKinds are in the order of a call.
var allKinds = []kind{
	{RequestThrows, Blocks, FixScript, "The browser throws before it sends anything. %s"},
	{HeaderDropped, Note, FixScript, "%s"},
	{SchemeUnsupported, Blocks, FixScript, "CORS is for http and https alone, and this address begins with %s."},
	{URLCredentials, Blocks, FixScript, "There is a user name or a password in the address, and fetch refuses such addresses."},
	{BadPort, Blocks, MovePort, "Browsers send no HTTP to port %s, which belongs to another protocol."},
	{MixedContent, Blocks, UseTLS, "The page came over https and calls an address that begins with http: browsers block that as mixed content."},
	{MixedLoopback, Note, UseTLS, "The page came over https and calls the visitor's own machine over http: Chromium and Firefox allow that, Safari not in every version."},
	{LocalNetwork, Note, AskVisitor, "The address is in the visitor's own network or on the visitor's own machine. Unless the page comes from there itself, %s, and fails the request where it is refused. No answer of the server grants it."},
	{LocalNetworkInsecure, Blocks, UseTLS, "The address is in the visitor's own network or on the visitor's own machine, and the page came over plain http from a public one: Chromium refuses without asking the visitor."},
	{KeepaliveQuota, Blocks, FixScript, "Requests with keepalive may have bodies of 64 KiB (65,536 bytes) in all that are under way at one time."},
	{OpaqueAnswer, Blocks, FixScript, "With mode no-cors a page sees nothing of the answer: no status, no headers, no body, not even whether it went well."},
	{PreflightNeeded, Slows, AvoidPreflight, "The browser asks first."},
	{StreamNeedsHTTP2, Note, FixScript, "Chromium sends a stream over HTTP/2 and HTTP/3 alone: over HTTP/1.1 the request fails after its preflight."},

	{PreflightAgain, Slows, CallFinal, "Firefox asks first after a redirect wherever it has asked before it, also where nothing in the request needs it any more."},
	{PreflightFailed, Blocks, AnswerPreflight, "The preflight got no answer."},
	{PreflightRedirect, Blocks, CallFinal, "The preflight was answered with a redirect (%d), and browsers follow none there."},
	{PreflightStatus, Blocks, AnswerPreflight, "The preflight was answered with %d, and has to be with a status from 200 to 299. %s"},
	{PreflightIgnored, Blocks, AnswerPreflight, "The preflight was answered, and nothing in the answer is about CORS: the server answers OPTIONS without knowing what it is asked."},
	{AllowMethodsInvalid, Blocks, AllowMethod, "The list in Access-Control-Allow-Methods cannot be read: its elements are names of methods, with commas between them and without quotes."},
	{AllowMethodsMissing, Blocks, AllowMethod, "The method %s is not among those that the preflight was granted."},
	{AllowMethodsCase, Blocks, AllowMethod, "The method %s is granted in other letters only: methods are case-sensitive."},
	{AllowMethodsWildcard, Blocks, AllowMethod, "The method %s is not granted: the request has credentials, and then * is no wildcard, but a method of that name."},
	{AllowHeadersInvalid, Blocks, AllowHeader, "The list in Access-Control-Allow-Headers cannot be read: its elements are names of headers, with commas between them and without quotes."},
	{AllowHeadersMissing, Blocks, AllowHeader, "The preflight was not granted %s."},
	{AllowHeadersWildcard, Blocks, AllowHeader, "The preflight was not granted %s: the request has credentials, and then * is no wildcard, but a header of that name."},
	{AllowHeadersAuthorized, Note, AllowHeader, "By the Fetch standard the wildcard * does not cover Authorization. Browsers still let it through, and warn that they will not for ever."},
	{MaxAgeMissing, Slows, KeepPreflight, "The answer to the preflight does not say how long it holds, so browsers keep it for 5 seconds and then ask again."},
	{MaxAgeInvalid, Slows, KeepPreflight, "How long the answer to the preflight holds cannot be read: it is a number of seconds, in digits. Browsers keep the answer for 5 seconds, or not at all."},
	{MaxAgeShort, Slows, KeepPreflight, "The answer to the preflight holds for %d seconds: the page soon asks again."},
	{MaxAgeCapped, Note, KeepPreflight, "This browser keeps the answer to a preflight for %d seconds at most."},
	{PrivateNetworkHeader, Note, LeaveOut, "No browser asks for Access-Control-Allow-Private-Network any more: Chromium asks the visitor instead."},

	{AnswerFailed, Blocks, Reach, "There was no answer."},
	{ProxyStatus, Blocks, ErrorsToo, "The answer is 407, which only proxies give: where there is none, Chromium fails the request."},
	{ErrorHidden, Blocks, ErrorsToo, "The answer is an error (%d), and has no Access-Control-Allow-Origin, as errors of servers and of proxies before them mostly have none. The script does not even learn the status."},
	{AllowOriginMissing, Blocks, AllowOrigin, "The answer has no Access-Control-Allow-Origin: the server shares it with no page of another origin."},
	{AllowOriginDoubled, Blocks, OneOrigin, "The answer has more than one Access-Control-Allow-Origin: two parts of the server each set one. Browsers take one alone, even where both are the same."},
	{AllowOriginList, Blocks, OneOrigin, "Access-Control-Allow-Origin holds a list. Browsers take one origin alone: the server has to choose the one that asked."},
	{AllowOriginWildcard, Blocks, AllowOrigin, "The request has credentials, and then * is no wildcard: Access-Control-Allow-Origin has to name the origin of the page."},
	{AllowOriginPattern, Blocks, AllowOrigin, "There are no patterns in Access-Control-Allow-Origin: * stands alone, or one whole origin does. It should be %s."},
	{AllowOriginNull, Blocks, AllowOrigin, "Access-Control-Allow-Origin is null, which is the origin of sandboxed frames and of files, and not that of the page. It should be %s."},
	{AllowOriginSlash, Blocks, AllowOrigin, "Access-Control-Allow-Origin has a slash after the origin: an origin has no path. It should be %s."},
	{AllowOriginCase, Blocks, AllowOrigin, "Access-Control-Allow-Origin differs from the page's origin in upper and lower case: it is compared byte by byte. It should be %s."},
	{AllowOriginScheme, Blocks, AllowOrigin, "Access-Control-Allow-Origin has another scheme than the page. It should be %s."},
	{AllowOriginPort, Blocks, AllowOrigin, "Access-Control-Allow-Origin has another port than the page, or writes one that browsers leave out. It should be %s."},
	{AllowOriginInvalid, Blocks, AllowOrigin, "Access-Control-Allow-Origin holds no origin, which is a scheme, a host and, where it is not the usual one, a port. It should be %s."},
	{AllowOriginMismatch, Blocks, AllowOrigin, "Access-Control-Allow-Origin names another origin than that of the page, %s."},
	{AllowCredentialsAbsent, Blocks, AllowCredentials, "The request has credentials, and the answer has no Access-Control-Allow-Credentials."},
	{AllowCredentialsValue, Blocks, AllowCredentials, "Access-Control-Allow-Credentials is something else than true, once and in lower case."},

	{RedirectHidden, Blocks, CallFinal, "The request was answered with a redirect (%d) that has no Access-Control-Allow-Origin. Each answer on the way needs it, and not only the last one."},
	{RedirectRefused, Blocks, CallFinal, "The request was answered with a redirect, and the script takes none: it has set %s."},
	{RedirectOpaque, Blocks, CallFinal, `The request was answered with a redirect, and the script has set redirect: "manual": it sees nothing of it, and does not learn where it leads.`},
	{RedirectLocation, Blocks, CallFinal, "Where the redirect leads cannot be read."},
	{RedirectScheme, Blocks, CallFinal, "The redirect leads to an address that begins with %s, and fetch follows to http and https alone."},
	{RedirectCredentials, Blocks, CallFinal, "The redirect leads to an address with a user name or a password in it: browsers do not follow such a one to another origin, and fetch of Chromium follows it nowhere."},
	{RedirectTooMany, Blocks, CallFinal, "There are more than 20 redirects: browsers give up."},
	{RedirectStream, Blocks, FixScript, "The body is a stream, which is read by now: it cannot be sent again where the redirect leads."},
	{RedirectNullOrigin, Blocks, CallFinal, "A redirect from one foreign origin to another has made the page's origin null: the browser sends Origin: null, and the answer would have to allow just that, or *."},
	{RedirectAuthorization, Note, CallFinal, "The redirect leads to another origin, and browsers leave Authorization out from there on."},
	{RedirectMethod, Note, CallFinal, "After this redirect (%d) browsers send GET without a body instead of %s. With 307 and 308 they do not."},
	{RedirectUpgrade, Note, CallFinal, "The address is on https as well, and the server redirects there: each call costs two. A preflight would fail."},

	{HeadersHidden, Note, ExposeNames, "The script cannot read these headers of the answer: %s."},
	{ExposeWildcard, Note, ExposeNames, "The request has credentials, and then * in Access-Control-Expose-Headers is no wildcard, but a header of that name."},
	{ExposeInvalid, Note, ExposeNames, "The list in Access-Control-Expose-Headers cannot be read: its elements are names of headers, with commas between them and without quotes."},
	{CookieIgnored, Note, FixScript, `The answer sets a cookie, and browsers ignore it, because the request was made without credentials: "include".`},
	{CookieSameSite, Note, CrossSiteCookie, "The answer sets a cookie that is not kept: page and API are of different sites, and it lacks SameSite=None with Secure."},
	{CookieThirdParty, Note, SameSite, "Page and API are of different sites. %s"},
	{TimingHidden, Note, ShareTiming, "How long the parts of the request took is hidden from the page (performance.getEntries)."},
	{ResourcePolicy, Blocks, SharePolicy, "The answer's Cross-Origin-Resource-Policy, or that it has none, keeps it from the page."},
	{OpaqueBlocked, Note, FixScript, "Answers of this type are of no use to a no-cors request: browsers keep them out of the page's process (opaque response blocking)."},

	{OriginReflected, Insecure, TrustByList, "Any origin that asks is allowed: every page on the web can read the answers."},
	{NullAllowed, Insecure, TrustByList, "The origin null is allowed, and any page can have it: a sandboxed frame is enough."},
	{LookAlikeAllowed, Insecure, TrustByList, "An origin is allowed that only looks like a trusted one, and that anybody may register: a part of the name is compared, or a pattern has a hole."},
	{InsecureAllowed, Insecure, TrustByList, "Pages that came over plain http are allowed to read what comes over https: whoever is on their network can change such a page, and read it all."},
	{OtherPortAllowed, Note, TrustByList, "Other ports of a trusted host are allowed: whatever else runs on that host can read the answers."},
	{WildcardCredentials, Note, AllowOrigin, "The answer allows any origin and credentials at once. Browsers refuse that, so one of the two is a mistake."},
	{VaryMissing, Insecure, SayVary, "The answer depends on the origin, and does not say so in Vary: a cache hands one origin's answer to another, which then cannot read it, or can."},

	{HeadDiffers, Blocks, ErrorsToo, "The page can read the answer to GET, and not the one to HEAD, which should have the same header."},
	{PreflightUnstable, Note, AnswerAlike, "The same preflight is answered in two ways, one after the other: perhaps by two servers that do not agree."},
	{NotSent, Note, SendIt, "The method may change something, and so the request itself was not sent."},
}

// kinds finds a kind by its code.
var kinds = func() map[FindingCode]kind {
	byCode := map[FindingCode]kind{}
	for _, k := range allKinds {
		byCode[k.code] = k
	}
	return byCode
}()

// FindingCodes returns every code that there is, in the order of a call.
func FindingCodes() []FindingCode {
	var all []FindingCode
	for _, k := range allKinds {
		all = append(all, k.code)
	}
	return all
}

// SeverityOf returns the severity of a code's findings.
func SeverityOf(code FindingCode) Severity { return kinds[code].severity }
