package main

import (
	"fmt"
	"net/http"
	"strings"
)

const (
	trustedDomain = "app.example.com"
	trusted       = "https://" + trustedDomain
	untrusted     = "https://app.example.net"
)

// A scenario is one kind of request, and the status that each side answers it with.
type scenario struct {
	name             string
	request          string
	status           int // of the gateway
	reverseProxySees int // status of the plain reverse proxy, which carries everything
}

func scenarios() []scenario {
	const bearer = "Authorization: Bearer va.sample-token.1\r\n"
	body := `{"name":"` + strings.Repeat("x", 1024-len(`{"name":""}`)) + `"}`
	post := fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	preflight := "Access-Control-Request-Method: PATCH\r\nAccess-Control-Request-Headers: authorization,content-type\r\n"
	return []scenario{
		{"GET, trusted Origin", browserRequest("GET", "/api/v2/discussions/7", trusted, bearer, ""), http.StatusOK, http.StatusOK},
		{"GET, no Origin", browserRequest("GET", "/api/v2/discussions/7", "", bearer, ""), http.StatusOK, http.StatusOK},
		{"GET, token in the query", browserRequest("GET", "/api/v2/discussions/7?access_token=va.sample-token.1", trusted, "", ""), http.StatusOK, http.StatusOK},
		{"POST of 1 KB", browserRequest("POST", "/api/v2/discussions", trusted, bearer+post, body), http.StatusOK, http.StatusOK},
		{"preflight (the reverse proxy carries it)", browserRequest("OPTIONS", "/api/v2/discussions/7", trusted, preflight, ""), http.StatusNoContent, http.StatusOK},
		{"GET, untrusted Origin (403; the reverse proxy carries it)", browserRequest("GET", "/api/v2/discussions/7", untrusted, bearer, ""), http.StatusForbidden, http.StatusOK},
	}
}

// browserRequest is a request with the header fields that Chromium sends.
func browserRequest(method, path, origin, fields, body string) string {
	request := method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n" +
		"sec-ch-ua-platform: \"Linux\"\r\n" +
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36\r\n" +
		"sec-ch-ua: \"Chromium\";v=\"150\", \"Not.A/Brand\";v=\"24\"\r\nsec-ch-ua-mobile: ?0\r\nAccept: */*\r\n"
	if origin != "" {
		request += "Origin: " + origin + "\r\n"
	}
	return request + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n" +
		"Referer: https://app.example.com/\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n" +
		fields + "\r\n" + body
}
