package explain

// A Remedy is a kind of thing to do about a finding. Several codes have the same.
type Remedy string

// The remedies.
const (
	FixScript        Remedy = "fix-script"        // change the call, on the page
	AvoidPreflight   Remedy = "avoid-preflight"   // the finding says how
	MovePort         Remedy = "move-port"         // serve from another port
	UseTLS           Remedy = "use-tls"           // serve over https
	AskVisitor       Remedy = "ask-visitor"       // the visitor's permission is needed
	Reach            Remedy = "reach"             // let the server be reached
	AnswerPreflight  Remedy = "answer-preflight"  // answer OPTIONS, before anything asks for a token
	AllowOrigin      Remedy = "allow-origin"      // answer the page's origin, exactly
	OneOrigin        Remedy = "one-origin"        // answer it once
	ErrorsToo        Remedy = "errors-too"        // answer it with errors, too
	AllowMethod      Remedy = "allow-method"      // name the method
	AllowHeader      Remedy = "allow-header"      // name the header
	AllowCredentials Remedy = "allow-credentials" // allow credentials
	KeepPreflight    Remedy = "keep-preflight"    // let browsers keep the answer
	LeaveOut         Remedy = "leave-out"         // drop the header
	CallFinal        Remedy = "call-final"        // call the address that the redirect leads to
	ExposeNames      Remedy = "expose-names"      // name the headers that scripts may read
	CrossSiteCookie  Remedy = "cross-site-cookie" // SameSite=None; Secure
	SameSite         Remedy = "same-site"         // bring page and API under one site
	SharePolicy      Remedy = "share-policy"      // Cross-Origin-Resource-Policy
	ShareTiming      Remedy = "share-timing"      // Timing-Allow-Origin
	TrustByList      Remedy = "trust-by-list"     // compare whole origins with a list
	SayVary          Remedy = "say-vary"          // Vary: Origin
	SendIt           Remedy = "send-it"           // let it be sent
	AnswerAlike      Remedy = "answer-alike"      // give every server the same settings
)

// RemedyOf returns what kind of thing is to be done about a code's findings.
func RemedyOf(code FindingCode) Remedy { return kinds[code].remedy }

// A Server is something that a fix can be written for.
type Server string

// The servers.
const (
	Crossgate Server = "crossgate"
	Nginx     Server = "nginx"
	Express   Server = "express" // with the package cors
	Go        Server = "go"      // with github.com/rs/cors
	Caddy     Server = "caddy"
)

// Servers returns all of them.
func Servers() []Server { return []Server{Crossgate, Nginx, Express, Go, Caddy} }

// FixFor says what to do about a code's findings on a server, in short. It is "" where
// the finding itself says it; where nothing is to be done on a server, all servers have
// the same text.
func FixFor(code FindingCode, on Server) string {
	texts := fixes[RemedyOf(code)]
	if text, ok := texts[on]; ok {
		return text
	}
	return texts[""]
}

// fixes are the texts by remedy and server; those of no server are for all of them.
var fixes = map[Remedy]map[Server]string{
	FixScript:  {"": "Change the call on the page."},
	MovePort:   {"": "Serve the API from another port, 443 at best."},
	UseTLS:     {"": "Serve the API over https, and call it there."},
	AskVisitor: {"": "Let the visitor grant it, or give the API a public address."},
	Reach:      {"": "See whether the name, the port and the certificate are right, and whether the server runs."},
	CallFinal:  {"": "Call the address that the redirect leads to, or let the server answer without one."},
	SendIt:     {"": "Let it be sent: crossgate doctor --send."},
	SameSite:   {"": "Give page and API names below one domain, or send a token instead of cookies."},
	CrossSiteCookie: {
		"":      "Set the cookie with SameSite=None; Secure, or send a token instead.",
		Express: `res.cookie(name, value, { sameSite: "none", secure: true })`,
		Go:      "http.SetCookie(w, &http.Cookie{…, SameSite: http.SameSiteNoneMode, Secure: true})",
	},
	AnswerPreflight: {
		Crossgate: "Put the gateway before it: crossgate serve --upstream URL answers every preflight itself.",
		Nginx:     "if ($request_method = OPTIONS) { return 204; } in the location, before proxy_pass and auth_*; add_header … always beside it",
		Express:   `app.use(cors({ origin: [ORIGIN] })) before the routes and before whatever checks tokens`,
		Go:        "cors.New(cors.Options{AllowedOrigins: []string{ORIGIN}}).Handler(mux), around whatever checks tokens",
		Caddy:     "@preflight { method OPTIONS; header Origin *; header Access-Control-Request-Method * }, respond @preflight 204, before reverse_proxy",
	},
	AllowOrigin: {
		Crossgate: "Trust the page: crossgate domain add DOMAIN. The gateway then answers its exact origin.",
		Nginx:     `map $http_origin $allowed { "ORIGIN" $http_origin; } and add_header Access-Control-Allow-Origin $allowed always; add_header Vary Origin always;`,
		Express:   "app.use(cors({ origin: [ORIGIN] }))",
		Go:        "cors.Options{AllowedOrigins: []string{ORIGIN}}",
		Caddy:     "@page header Origin ORIGIN, header @page Access-Control-Allow-Origin ORIGIN, header +Vary Origin",
	},
	AnswerAlike: {
		"":        "Give every server behind the name the same settings, and roll them out at one time.",
		Crossgate: "Put the gateway before them: it answers every preflight itself, on all nodes alike.",
	},
	OneOrigin: {
		Crossgate: "Nothing: the gateway takes out what the upstream sets and answers one origin.",
		Nginx:     "proxy_hide_header Access-Control-Allow-Origin; where nginx sets its own, and one map of $http_origin instead of a list",
		Express:   "use cors() once and set nothing by hand; give it an array: cors({ origin: [ORIGIN, …] })",
		Go:        "wrap the handler once; give it a list: cors.Options{AllowedOrigins: []string{ORIGIN, …}}",
		Caddy:     "in reverse_proxy: header_down -Access-Control-Allow-Origin, where Caddy sets its own",
	},
	ErrorsToo: {
		Crossgate: "Put the gateway before it: its answers and the upstream's errors carry the headers alike.",
		Nginx:     "add_header … always; without always errors have none",
		Express:   "app.use(cors(…)) before the routes, and res.set again in an error handler that clears headers",
		Go:        "wrap the outermost handler, so that errors of the middleware have the headers, too",
		Caddy:     "handle_errors { header Access-Control-Allow-Origin ORIGIN }",
	},
	AllowMethod: {
		Crossgate: "crossgate site set --methods with the method among them.",
		Nginx:     "add_header Access-Control-Allow-Methods 'GET, POST, METHOD' always;",
		Express:   `cors({ methods: ["GET", "POST", METHOD] })`,
		Go:        `cors.Options{AllowedMethods: []string{"GET", "POST", METHOD}}`,
		Caddy:     `header Access-Control-Allow-Methods "GET, POST, METHOD"`,
	},
	AllowHeader: {
		Crossgate: "crossgate site set --headers with the names among them.",
		Nginx:     "add_header Access-Control-Allow-Headers 'Authorization, Content-Type, NAME' always;",
		Express:   `cors({ allowedHeaders: ["Authorization", "Content-Type", NAME] })`,
		Go:        `cors.Options{AllowedHeaders: []string{"Authorization", "Content-Type", NAME}}`,
		Caddy:     `header Access-Control-Allow-Headers "Authorization, Content-Type, NAME"`,
	},
	AllowCredentials: {
		Crossgate: "crossgate site set --credentials on, if cookies are needed; else leave credentials out of the call.",
		Nginx:     "add_header Access-Control-Allow-Credentials true always;",
		Express:   "cors({ origin: [ORIGIN], credentials: true })",
		Go:        "cors.Options{AllowedOrigins: []string{ORIGIN}, AllowCredentials: true}",
		Caddy:     "header Access-Control-Allow-Credentials true",
	},
	KeepPreflight: {
		Crossgate: "Nothing: the gateway answers 7200 seconds.",
		Nginx:     "add_header Access-Control-Max-Age 7200 always;",
		Express:   "cors({ maxAge: 7200 })",
		Go:        "cors.Options{MaxAge: 7200}",
		Caddy:     "header Access-Control-Max-Age 7200",
	},
	LeaveOut: {
		Crossgate: "Nothing: the gateway takes it out.",
		"":        "Leave the header out.",
	},
	ExposeNames: {
		Crossgate: "crossgate site set --expose with the names; without credentials it exposes all of them.",
		Nginx:     "add_header Access-Control-Expose-Headers 'NAME' always;",
		Express:   "cors({ exposedHeaders: [NAME] })",
		Go:        "cors.Options{ExposedHeaders: []string{NAME}}",
		Caddy:     "header Access-Control-Expose-Headers NAME",
	},
	SharePolicy: {
		"":    "Answer Cross-Origin-Resource-Policy: cross-origin, if every page may show it; or call it with CORS.",
		Nginx: "add_header Cross-Origin-Resource-Policy cross-origin always;",
		Caddy: "header Cross-Origin-Resource-Policy cross-origin",
	},
	ShareTiming: {
		"":    "Answer Timing-Allow-Origin with the page's origin, if it is to measure.",
		Nginx: "add_header Timing-Allow-Origin $allowed always;",
		Caddy: "header Timing-Allow-Origin ORIGIN",
	},
	TrustByList: {
		Crossgate: "Put the gateway before it: it compares whole origins with the list of Trusted Domains.",
		Nginx:     `map $http_origin $allowed { "ORIGIN" $http_origin; }, whole strings and no regular expressions, and never $http_origin itself`,
		Express:   "cors({ origin: [ORIGIN] }), strings and not true, a function or a regular expression",
		Go:        "cors.Options{AllowedOrigins: []string{ORIGIN}}, and no AllowOriginFunc that looks at a part of it",
		Caddy:     "@page header Origin ORIGIN, and never {header.Origin} without a matcher",
	},
	SayVary: {
		Crossgate: "Put the gateway before it: every answer of it has Vary: Origin.",
		Nginx:     "add_header Vary Origin always;, also where there is no Origin",
		Express:   `res.vary("Origin") wherever the origin is looked at`,
		Go:        `w.Header().Add("Vary", "Origin") wherever the origin is looked at`,
		Caddy:     "header +Vary Origin",
	},
}
