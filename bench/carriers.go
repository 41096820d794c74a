package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// What an unwrapped request may cost, as a multiple of the ordinary one.
const (
	goalQuery    = 1.1 // and text
	goalEnvelope = 1.3
)

// A call is one request as a page may send it: without a preflight, in a carrier, or
// the ordinary way. Both are the same request to the API.
type call struct {
	name              string
	carried, ordinary sent
	goal              float64
	apiSees           message
}

// sent is one way to send a call.
type sent struct{ method, path, fields, body string }

func (s sent) request() string {
	fields := s.fields
	if s.body != "" {
		fields += fmt.Sprintf("Content-Length: %d\r\n", len(s.body))
	}
	return browserRequest(s.method, s.path, trusted, fields, s.body)
}

// calls are the calls in each carrier, with an access token.
func calls(token string) []call {
	const (
		one, all     = "/api/v2/discussions/7", "/api/v2/discussions"
		asJSON       = "Content-Type: application/json\r\n"
		asForm       = "Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\n"
		asMultipart  = "Content-Type: multipart/form-data; boundary=" + boundary + "\r\n"
		line1, lines = "GET " + one + " HTTP/1.1", " " + one + " HTTP/1.1"
	)
	bearer := "Authorization: Bearer " + token + "\r\n"
	query := "?access_token=" + token
	body := sampleJSON(1 << 10)
	get := sent{http.MethodGet, one, bearer, ""}
	patch := sent{http.MethodPatch, one, bearer + asJSON, body}
	patched := message{http.MethodPatch + lines, len(body), true}
	return []call{
		{"GET, token in the query", sent{http.MethodGet, one + query, "", ""}, get, goalQuery, message{line1, 0, true}},
		{
			"POST of 1 KB of JSON, as text",
			sent{http.MethodPost, all + query, "Content-Type: text/plain;charset=UTF-8\r\n", body},
			sent{http.MethodPost, all, bearer + asJSON, body},
			goalQuery,
			message{"POST " + all + " HTTP/1.1", len(body), true},
		},
		{"GET, as a form", sent{http.MethodPost, one, asForm, form(http.MethodGet, token, "")}, get, goalEnvelope, message{line1, 0, true}},
		{"PATCH of 1 KB of JSON, as a form", sent{http.MethodPost, one, asForm, form(http.MethodPatch, token, body)}, patch, goalEnvelope, patched},
		{"PATCH of 1 KB of JSON, as multipart", sent{http.MethodPost, one, asMultipart, multipart(http.MethodPatch, token, "application/json", body)}, patch, goalEnvelope, patched},
	}
}

// sampleJSON is a list of small objects, of about a length in bytes: as much punctuation
// as JSON has, which a form has to encode.
func sampleJSON(length int) string {
	const item = `{"id":17,"name":"A message","tags":["one","two"],"read":false}`
	return "[" + strings.Repeat(item+",", length/len(item)-1) + item + "]"
}

// form is the form carrier as URLSearchParams writes it; JSON in it, or no body.
func form(method, token, body string) string {
	text := "%24httpMethod=" + method + "&access_token=" + url.QueryEscape(token)
	if body != "" {
		text += "&%24ct=application%2Fjson&%24body=" + url.QueryEscape(body)
	}
	return text
}

const boundary = "crossgate2886794753391542168731067093402611"

// multipart is the multipart carrier, around a body.
func multipart(method, token, contentType, body string) string {
	start, end := multipartAround(method, token, contentType)
	return start + body + end
}

// multipartAround is what the multipart carrier has before and behind the body.
func multipartAround(method, token, contentType string) (start, end string) {
	part := func(name string) string {
		return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n"
	}
	return part("$httpMethod") + "\r\n" + method + "\r\n" + part("access_token") + "\r\n" + token + "\r\n" +
			part("$body") + "Content-Type: " + contentType + "\r\n\r\n",
		"\r\n--" + boundary + "--\r\n"
}
