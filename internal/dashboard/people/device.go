package people

import "strings"

// A sign is a piece of what browsers call themselves, and what it stands for.
type sign struct{ Piece, Name string }

// deviceOf says in words what a browser calls itself: "Firefox on Windows". It is
// for people to know their own devices again; anything can call itself anything.
func deviceOf(userAgent string) string {
	browser := first(userAgent, []sign{
		// Most call themselves Safari and Chrome, too, so those come last.
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"Vivaldi/", "Vivaldi"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"HeadlessChrome/", "Chrome without a window"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
		{"curl/", "curl"},
	})
	system := first(userAgent, []sign{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"CrOS", "ChromeOS"},
		{"Windows", "Windows"},
		{"Macintosh", "macOS"},
		{"Linux", "Linux"},
	})
	switch {
	case browser == "" && system == "":
		return "Unknown browser"
	case browser == "":
		return "Unknown browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// first returns the name of the first sign that the text has, or "".
func first(text string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(text, s.Piece) {
			return s.Name
		}
	}
	return ""
}
