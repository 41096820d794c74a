package portable

import "testing"

func TestDetect(t *testing.T) {
	tests := []struct {
		name, text string
		want       Kind
	}{
		{"nothing", "", Plain},
		{"a line each", "app.example.com\n*.example.org\n", Plain},
		{"with commas", "app.example.com, b.example.com", Plain},
		{"a header", "domain,label\napp.example.com,Ours\n", CSV},
		{"a header of another order", "\ufeffLabel;Domain\r\nOurs;app.example.com\r\n", CSV},
		{"an array of text", `["app.example.com"]`, JSON},
		{"our objects", `[{"id":1,"domain":"app.example.com"}]`, JSON},
		{"an empty array", `[]`, JSON},
		{"broken off", `[{"domain":`, JSON},
		{"Okta's", `[{"name":"x","origin":"https://app.example.com","scopes":[]}]`, Okta},
		{"Auth0's, one", `{"name":"x","allowed_origins":["https://app.example.com"]}`, Auth0},
		{"Auth0's, several", "\n[{\"client_id\":\"x\"}]", Auth0},
		{"nginx's", "map $http_origin $cors {\n  default 0;\n}", NginxMap},
		{"addresses in brackets", "[::1]\n[2001:db8::1]:8080", Plain},
		{"origins", "https://a.example\nhttps://b.example", Plain},
		{"nginx's, a pattern alone", `~^https://a\.example$ 1;`, NginxMap},
		{"nginx's, a pair alone", `"https://a.example" 1;`, NginxMap},
		{"a label that looks like nginx's", "domain,label\na.example,http://x y;", CSV},
		{"nginx's, below a comment", "# ours\nmap $http_origin $cors {\n}", NginxMap},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Detect([]byte(test.text)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
