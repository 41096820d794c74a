package explain

import "github.com/crossgate/crossgate/preflight"

// A Finding is one thing that is to be said about a call. Nothing in it is the value of
// a cookie, a token, a query or a body.
type Finding struct {
	Code     FindingCode `json:"code"`
	Severity Severity    `json:"severity"`
	Step     StepName    `json:"step"`          // of the call that it is about
	Hop      int         `json:"hop,omitempty"` // which redirect that step comes after; 0: none
	Detail   string      `json:"detail"`        // a sentence or two for a person
	Evidence string      `json:"evidence"`      // the header line, or what else shows it; may be ""
	Fix      string      `json:"fix"`           // what to do; see FixFor for other servers
	// Engines are those that it holds in; none: in all of them.
	Engines []preflight.Engine `json:"engines,omitempty"`
}

// A Severity says what a finding does.
type Severity string

// The severities, the worst first.
const (
	Blocks   Severity = "blocks"   // the script does not get the answer
	Insecure Severity = "insecure" // others can read it, or change what is read
	Slows    Severity = "slows"    // it costs a round trip
	Note     Severity = "note"     // good to know; no fault
)

// A StepName is a part of a call.
type StepName string

// The steps of a call, in order. After a redirect preflight and answer come again.
const (
	StepRequest   StepName = "request"   // before anything is sent
	StepPreflight StepName = "preflight" // the answer to the preflight
	StepAnswer    StepName = "answer"    // the answer to the request itself
	StepScript    StepName = "script"    // what the script sees
	StepProbe     StepName = "probe"     // answers to origins that people do not think of
)

// A FindingCode is the stable name of a kind of finding. Each has a section in
// docs/reference/findings.md.
type FindingCode string

// Before anything is sent.
const (
	RequestThrows        FindingCode = "request-throws"
	HeaderDropped        FindingCode = "header-dropped"
	SchemeUnsupported    FindingCode = "scheme-unsupported"
	URLCredentials       FindingCode = "url-credentials"
	BadPort              FindingCode = "bad-port"
	MixedContent         FindingCode = "mixed-content"
	MixedLoopback        FindingCode = "mixed-content-loopback"
	LocalNetwork         FindingCode = "local-network"
	LocalNetworkInsecure FindingCode = "local-network-insecure"
	KeepaliveQuota       FindingCode = "keepalive-quota"
	OpaqueAnswer         FindingCode = "opaque-answer"
	PreflightNeeded      FindingCode = "preflight-needed"
	StreamNeedsHTTP2     FindingCode = "stream-http2"
)

// The preflight and its answer.
const (
	PreflightAgain         FindingCode = "preflight-again"
	PreflightFailed        FindingCode = "preflight-failed"
	PreflightRedirect      FindingCode = "preflight-redirect"
	PreflightStatus        FindingCode = "preflight-status"
	PreflightIgnored       FindingCode = "preflight-ignored"
	AllowMethodsInvalid    FindingCode = "allow-methods-invalid"
	AllowMethodsMissing    FindingCode = "allow-methods-missing"
	AllowMethodsCase       FindingCode = "allow-methods-case"
	AllowMethodsWildcard   FindingCode = "allow-methods-wildcard"
	AllowHeadersInvalid    FindingCode = "allow-headers-invalid"
	AllowHeadersMissing    FindingCode = "allow-headers-missing"
	AllowHeadersWildcard   FindingCode = "allow-headers-wildcard"
	AllowHeadersAuthorized FindingCode = "allow-headers-authorization"
	MaxAgeMissing          FindingCode = "max-age-missing"
	MaxAgeInvalid          FindingCode = "max-age-invalid"
	MaxAgeShort            FindingCode = "max-age-short"
	MaxAgeCapped           FindingCode = "max-age-capped"
	PrivateNetworkHeader   FindingCode = "private-network-header"
)

// Who may read the answer: of a preflight, of a redirect, and of the request itself.
const (
	AnswerFailed           FindingCode = "answer-failed"
	ProxyStatus            FindingCode = "proxy-status"
	ErrorHidden            FindingCode = "error-hidden"
	AllowOriginMissing     FindingCode = "allow-origin-missing"
	AllowOriginDoubled     FindingCode = "allow-origin-doubled"
	AllowOriginList        FindingCode = "allow-origin-list"
	AllowOriginWildcard    FindingCode = "allow-origin-wildcard"
	AllowOriginPattern     FindingCode = "allow-origin-pattern"
	AllowOriginNull        FindingCode = "allow-origin-null"
	AllowOriginSlash       FindingCode = "allow-origin-slash"
	AllowOriginCase        FindingCode = "allow-origin-case"
	AllowOriginScheme      FindingCode = "allow-origin-scheme"
	AllowOriginPort        FindingCode = "allow-origin-port"
	AllowOriginInvalid     FindingCode = "allow-origin-invalid"
	AllowOriginMismatch    FindingCode = "allow-origin-mismatch"
	AllowCredentialsAbsent FindingCode = "allow-credentials-missing"
	AllowCredentialsValue  FindingCode = "allow-credentials-value"
)

// Redirects.
const (
	RedirectHidden        FindingCode = "redirect-hidden"
	RedirectRefused       FindingCode = "redirect-refused"
	RedirectOpaque        FindingCode = "redirect-opaque"
	RedirectLocation      FindingCode = "redirect-location"
	RedirectScheme        FindingCode = "redirect-scheme"
	RedirectCredentials   FindingCode = "redirect-credentials"
	RedirectTooMany       FindingCode = "redirect-too-many"
	RedirectStream        FindingCode = "redirect-stream"
	RedirectNullOrigin    FindingCode = "redirect-null-origin"
	RedirectAuthorization FindingCode = "redirect-authorization"
	RedirectMethod        FindingCode = "redirect-method"
	RedirectUpgrade       FindingCode = "redirect-upgrade"
)

// What the script sees.
const (
	HeadersHidden    FindingCode = "headers-hidden"
	ExposeWildcard   FindingCode = "expose-wildcard"
	ExposeInvalid    FindingCode = "expose-invalid"
	CookieIgnored    FindingCode = "cookie-ignored"
	CookieSameSite   FindingCode = "cookie-same-site"
	CookieThirdParty FindingCode = "cookie-third-party"
	TimingHidden     FindingCode = "timing-hidden"
	ResourcePolicy   FindingCode = "resource-policy"
	OpaqueBlocked    FindingCode = "opaque-blocked"
)

// What should not be allowed.
const (
	OriginReflected     FindingCode = "origin-reflected"
	NullAllowed         FindingCode = "null-allowed"
	LookAlikeAllowed    FindingCode = "look-alike-allowed"
	InsecureAllowed     FindingCode = "insecure-origin-allowed"
	OtherPortAllowed    FindingCode = "other-port-allowed"
	WildcardCredentials FindingCode = "wildcard-with-credentials"
	VaryMissing         FindingCode = "vary-missing"
)

// What only package doctor can find, which asks more than once.
const (
	HeadDiffers       FindingCode = "head-differs"
	PreflightUnstable FindingCode = "preflight-unstable"
	NotSent           FindingCode = "not-sent"
)
